/** No reader of HTTP/1.1 takes this for a head, or for a chunk. */
const malformed = Buffer.from('\0')

const token = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
const notInValue = /[\0\r\n]/
/** What an answer in HTTP/2 must not have: RFC 9113, section 8.2.2. */
const ofConnections = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Names and values by turns. */
type RawFields = readonly string[]

/** An answer's head in HTTP/1.1. */
export interface AnswerHead {
  readonly octets: Buffer
  /** Its body is to follow in the chunked coding. */
  readonly chunked: boolean
}

/**
 * Writes the head of an answer that came in HTTP/2 as one of HTTP/1.1, for the reader that all answers
 * go through. What could be read as anything else than it was, such as a line end in a value, makes it
 * malformed. `ended`: nothing follows it.
 */
export function answerHead(
  [pseudo, status = '', ...fields]: RawFields,
  { ended, toHead }: { readonly ended: boolean; readonly toHead: boolean },
): AnswerHead {
  const lines = fieldLines(fields)
  if (pseudo !== ':status' || !/^[1-5]\d\d$/.test(status) || lines === undefined) {
    return { octets: malformed, chunked: false }
  }
  const interim = status < '200'
  const open = !interim && !toHead && status !== '204' && status !== '304'
  const unframed = open && !/^content-length:/m.test(lines)
  const own = unframed ? (ended ? 'content-length: 0\r\n' : 'transfer-encoding: chunked\r\n') : ''
  // A stream serves one request: the connection that it stands for is not kept.
  const last = interim ? '' : 'connection: close\r\n'
  return {
    octets: Buffer.from(`HTTP/1.1 ${status} \r\n${lines}${own}${last}\r\n`, 'latin1'),
    chunked: unframed && !ended,
  }
}

/** The end of a body in the chunked coding, with trailers that came in HTTP/2. */
export function lastChunk(trailers: RawFields): Buffer {
  const lines = fieldLines(trailers)
  return lines === undefined ? malformed : Buffer.from(`0\r\n${lines}\r\n`, 'latin1')
}

/** Fields as lines, or undefined where one of them is malformed. */
function fieldLines(fields: RawFields): string | undefined {
  let lines = ''
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] as string
    const value = fields[index + 1] as string
    if (!token.test(name) || ofConnections.has(name) || notInValue.test(value)) return undefined
    lines += `${name}: ${value}\r\n`
  }
  return lines
}
