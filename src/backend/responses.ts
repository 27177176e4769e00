import type { Refusal } from './request-head.ts'

// An import would load everything that node:http exports, such as an HTTP client: 50 ms of every start.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** The responses of one backend, serialized in advance, head and body together. */
export interface Responses {
  /** The number of the backend, from 1, and the body of each response. */
  readonly backend: number
  readonly body: Buffer
  /** The response with 200 or, if `failed`, 500; without the body for HEAD; with Connection: close unless kept alive. */
  select(failed: boolean, headOnly: boolean, keepAlive: boolean): Buffer
}

/** The responses of the backend with this number, from 1, which is in their X-Backend field. */
export function responsesFor(backend: number, responseBytes: number): Responses {
  const body = Buffer.alloc(responseBytes, 'x')
  const serialize = (status: number, headOnly: boolean, keepAlive: boolean): Buffer => {
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `X-Backend: ${backend}`,
      'Content-Type: text/plain',
      `Content-Length: ${responseBytes}`,
      ...(keepAlive ? [] : ['Connection: close']),
    ]
    const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1')
    return headOnly ? bytes : Buffer.concat([bytes, body])
  }
  const both = [false, true]
  const responses = both.map((failed) =>
    both.map((headOnly) =>
      both.map((keepAlive) => serialize(failed ? 500 : 200, headOnly, keepAlive)),
    ),
  )
  return {
    backend,
    body,
    select: (failed, headOnly, keepAlive) =>
      responses[Number(failed)]?.[Number(headOnly)]?.[Number(keepAlive)] as Buffer,
  }
}

/** The interim response for Expect: 100-continue. */
export const continueResponse: Buffer = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')

/** The response to an invalid request, after which the connection is closed. */
export function refusal({ status }: Refusal): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    'latin1',
  )
}
