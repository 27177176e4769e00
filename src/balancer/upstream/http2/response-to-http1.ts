import { endOfChunks, fieldLines } from '../../http/http2-fields.ts'

/** Neither a head nor a chunk of HTTP/1.1: its reader reports an error. */
const malformed = Buffer.from('\0')

/** The head of a response in HTTP/1.1. */
export interface Http1Response {
  readonly bytes: Buffer
  /** Its body must follow in the chunked coding. */
  readonly chunked: boolean
}

/**
 * Converts the head of a response from HTTP/2 to HTTP/1.1, for the reader that all responses go through.
 * A field that could be read differently there, such as a value with a line end, makes it malformed.
 *
 * @param fields names and values by turns, as Node gives them
 */
export function responseToHttp1(
  [pseudo, status = '', ...fields]: readonly string[],
  { ended, toHead }: { readonly ended: boolean; readonly toHead: boolean },
): Http1Response {
  const lines = fieldLines(fields)
  if (pseudo !== ':status' || !/^[1-5]\d\d$/.test(status) || lines === undefined) {
    return { bytes: malformed, chunked: false }
  }
  const interim = status < '200'
  const hasBody = !interim && !toHead && status !== '204' && status !== '304'
  const unframed = hasBody && !/^content-length:/m.test(lines)
  const framing = ended ? 'content-length: 0\r\n' : 'transfer-encoding: chunked\r\n'
  // A stream serves one request: the connection that it is used as is not kept.
  const close = interim ? '' : 'connection: close\r\n'
  const head = `HTTP/1.1 ${status} \r\n${lines}${unframed ? framing : ''}${close}\r\n`
  return { bytes: Buffer.from(head, 'latin1'), chunked: unframed && !ended }
}

/** The end of a response's body in the chunked coding, with trailers from HTTP/2. */
export function responseEnd(trailers: readonly string[]): Buffer {
  return endOfChunks(trailers) ?? malformed
}
