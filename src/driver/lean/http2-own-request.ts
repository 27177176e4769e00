import { addField, newFieldList } from '../../http2/field-list.ts'
import { type Http2Request, http1Only } from './http2-fields.ts'

const headEnd = Buffer.from('\r\n\r\n')

/** Fields that have another place in HTTP/2, or none. */
const leftOut = ['host', 'te', ...http1Only]

/** Makes the HTTP/2 form of requests that are given as HTTP/1.1; those whose bytes are the same object are made once. */
export function http2OwnRequests(url: URL): (bytes: Buffer | string) => Http2Request {
  const scheme = url.protocol.slice(0, -1)
  const known = new WeakMap<Buffer, Http2Request>()
  return (bytes) => {
    if (typeof bytes === 'string') return http2RequestOf(Buffer.from(bytes), scheme)
    const made = known.get(bytes) ?? http2RequestOf(bytes, scheme)
    known.set(bytes, made)
    return made
  }
}

/**
 * A request of our own in HTTP/2: request line and Host become pseudo-fields (RFC 9113, 8.3.1), names are in lower case, and
 * the fields that are for one connection are left out (8.2.2).
 */
function http2RequestOf(bytes: Buffer, scheme: string): Http2Request {
  const end = bytes.indexOf(headEnd)
  // A character is a byte, as in the codec.
  const [requestLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const [method = 'GET', path = '/'] = requestLine.split(' ')
  const given = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  const [, authority = ''] = given.find(([name]) => name === 'host') ?? []
  const fields = newFieldList()
  for (const [name, value] of [
    [':method', method],
    [':scheme', scheme],
    [':authority', authority],
    [':path', path],
    ...given.filter(([name]) => !leftOut.includes(name)),
  ] as const) {
    addField(fields, name, value)
  }
  return { fields, body: bytes.subarray(end + headEnd.length) }
}
