/** The parts of a request's head that a backend needs. */
export interface RequestHead {
  /** The response has no body: the method is HEAD. */
  readonly headOnly: boolean
  /** The connection stays open after the response. */
  readonly keepAlive: boolean
  /** The client expects `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean
  /** Length of the body in bytes, or `chunked`. */
  readonly body: number | 'chunked'
}

/** The status of the response to an invalid request. */
export interface Refusal {
  readonly status: 400 | 431 | 501
}

/** A request line and fields by RFC 9112 sections 3 and 5: no line folding, no whitespace before a colon. */
const wellFormed =
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\x21-\x7e]+ HTTP\/1\.[01](?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*)*$/

const version10 = /^\S+ \S+ HTTP\/1\.0/

/** The fields that matter here. */
const relevantFields = /\r\n(content-length|transfer-encoding|connection|expect):[ \t]*([^\r\n]*)/gi

/**
 * Parses a head, as latin-1 and without the empty line at its end. 400 for ambiguous framing (RFC 9112 section
 * 6.3), 501 for a transfer coding other than chunked.
 */
export function parseRequestHead(text: string): RequestHead | Refusal {
  if (!wellFormed.test(text)) return { status: 400 }
  const http10 = version10.test(text)
  const fields: Fields = { connection: '', expect: '', lengths: [], encodings: [] }
  for (const [, name, value] of text.matchAll(relevantFields))
    addField(fields, name as string, value as string)
  const body = framing(fields, http10)
  if (typeof body === 'object') return body
  const { connection } = fields
  return {
    headOnly: text.startsWith('HEAD '),
    keepAlive: http10 ? lists(connection, 'keep-alive') : !lists(connection, 'close'),
    expectsContinue: !http10 && body !== 0 && fields.expect === '100-continue',
    body,
  }
}

interface Fields {
  connection: string
  expect: string
  readonly lengths: string[]
  readonly encodings: string[]
}

function addField(fields: Fields, name: string, value: string): void {
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

function framing({ lengths, encodings }: Fields, http10: boolean): number | 'chunked' | Refusal {
  if (encodings.length > 0) {
    if (http10 || lengths.length > 0) return { status: 400 }
    return encodings.join(',') === 'chunked' ? 'chunked' : { status: 501 }
  }
  const [length] = lengths
  if (length === undefined) return 0
  return lengths.length === 1 && /^\d{1,15}$/.test(length) ? Number(length) : { status: 400 }
}
