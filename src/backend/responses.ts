import type { Refusal } from './request-head.ts'

// An import would load all that node:http can export, a second HTTP client among it: 50 ms of every start.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** The answers of one backend, each ready to be written at once, head and body together. */
export interface Responses {
  /** An answer: well or with 500, for HEAD without its body, and closing where the connection ends with it. */
  answer(failed: boolean, headOnly: boolean, keepAlive: boolean): Buffer
}

/** The answers of the backend with this number, from 1, which they name in `X-Backend`. */
export function responsesFor(backend: number, responseBytes: number): Responses {
  const body = Buffer.alloc(responseBytes, 'x')
  const make = (status: number, headOnly: boolean, keepAlive: boolean): Buffer => {
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
  const made = both.map((failed) =>
    both.map((headOnly) => both.map((keepAlive) => make(failed ? 500 : 200, headOnly, keepAlive))),
  )
  return {
    answer: (failed, headOnly, keepAlive) =>
      made[Number(failed)]?.[Number(headOnly)]?.[Number(keepAlive)] as Buffer,
  }
}

/** Tells a client that waits for it to send its body. */
export const goOn: Buffer = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')

/** The answer to what cannot be read, after which the connection is closed. */
export function refusal({ status }: Refusal): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    'latin1',
  )
}
