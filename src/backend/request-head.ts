/** What a backend needs to know of a request: how its body is framed, and how to answer it. */
export interface RequestHead {
  /** The answer has no body, whatever its Content-Length says: HEAD. */
  readonly headOnly: boolean
  /** The client will send another request on this connection. */
  readonly keepAlive: boolean
  /** The client waits for `100 Continue` before it sends its body. */
  readonly waits: boolean
  /** Bytes of the body, or how else it ends. */
  readonly body: number | 'chunked'
}

/** Why a request cannot be read: the status to refuse it with. */
export interface Refusal {
  readonly status: 400 | 431 | 501
}

/** A request line and fields, as RFC 9112 sections 3 and 5 have them: no folded line, no blank before a colon. */
const wellFormed =
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\x21-\x7e]+ HTTP\/1\.[01](?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*)*$/

const version10 = /^\S+ \S+ HTTP\/1\.0/

/** The fields that decide anything here. */
const deciding = /\r\n(content-length|transfer-encoding|connection|expect):[ \t]*([^\r\n]*)/gi

/**
 * Reads a head, as latin-1 and without the empty line that ends it. Refuses with 400 what two readers
 * could frame differently (RFC 9112 section 6.3), and with 501 an encoding that is not chunked.
 */
export function requestHead(text: string): RequestHead | Refusal {
  if (!wellFormed.test(text)) return { status: 400 }
  const old = version10.test(text)
  const fields: Fields = { connection: '', expect: '', lengths: [], encodings: [] }
  for (const [, name, value] of text.matchAll(deciding))
    note(fields, name as string, value as string)
  const body = framing(fields, old)
  if (typeof body === 'object') return body
  const { connection } = fields
  return {
    headOnly: text.startsWith('HEAD '),
    keepAlive: old ? lists(connection, 'keep-alive') : !lists(connection, 'close'),
    waits: !old && body !== 0 && fields.expect === '100-continue',
    body,
  }
}

interface Fields {
  connection: string
  expect: string
  readonly lengths: string[]
  readonly encodings: string[]
}

function note(fields: Fields, name: string, value: string): void {
  const clean = value.trimEnd().toLowerCase()
  switch (name.toLowerCase()) {
    case 'connection':
      fields.connection += `,${clean}`
      break
    case 'expect':
      fields.expect = clean
      break
    case 'content-length':
      fields.lengths.push(clean)
      break
    default:
      fields.encodings.push(clean)
  }
}

function lists(connection: string, option: string): boolean {
  return connection !== '' && connection.split(',').some((item) => item.trim() === option)
}

function framing({ lengths, encodings }: Fields, old: boolean): number | 'chunked' | Refusal {
  if (encodings.length > 0) {
    if (old || lengths.length > 0) return { status: 400 }
    return encodings.join(',') === 'chunked' ? 'chunked' : { status: 501 }
  }
  const [length] = lengths
  if (length === undefined) return 0
  return lengths.length === 1 && /^\d{1,15}$/.test(length) ? Number(length) : { status: 400 }
}
