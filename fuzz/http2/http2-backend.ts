import type { Http2Stream } from '../../src/http2/stream.ts'
import { listOfPairs, pairsIn } from '../../test/balancer/http2/support/field-pairs.ts'
import { type OverSocket, ourServer } from '../../test/balancer/http2/support/over-socket.ts'
import { clientOf } from '../seal.ts'
import { type Fields, firstValue } from './blocks.ts'
import type { FuzzBackends, Reached } from './fuzz-backends.ts'
import { type PlannedResponse, plannedResponse } from './planned-response.ts'

/** INTERNAL_ERROR: RFC 9113, section 7. */
const internalError = 2

/** A backend that speaks HTTP/2, on the balancer's own codec. */
export async function http2Backend({ reached, faults }: Pick<FuzzBackends, 'reached' | 'faults'>) {
  return await ourServer((over) => {
    const open = new Map<number, { readonly one: Reached; readonly plan: PlannedResponse }>()
    const ended = (stream: Http2Stream<string>) => {
      const exchange = open.get(stream.id)
      if (exchange === undefined) return
      exchange.one.complete = true
      if (!exchange.plan.early) respond(over(), stream, exchange.plan)
    }
    return {
      headers(stream, head, end) {
        const fields: Fields = pairsIn(head.fields)
        const line = {
          address: clientOf(firstValue(fields, 'x-forwarded-for')),
          method: firstValue(fields, ':method') ?? '',
          target: firstValue(fields, ':path') ?? '',
        }
        const exchange = {
          one: { ...line, body: '', complete: false },
          plan: plannedResponse(line),
        }
        reached.push(exchange.one)
        open.set(stream.id, exchange)
        if (exchange.plan.early) respond(over(), stream, exchange.plan)
        if (end) ended(stream)
      },
      refused: (_, problem) => void faults.push(`a head that is ${problem}`),
      failed: (code, reason) => void faults.push(`connection error ${code}: ${reason}`),
      data(stream, bytes, end) {
        const exchange = open.get(stream.id)
        if (exchange !== undefined) exchange.one.body += bytes.toString('latin1')
        over().connection.consume(stream, bytes.length)
        if (end) ended(stream)
      },
      trailers: (stream) => ended(stream),
      closed: (stream) => void open.delete(stream.id),
    }
  })
}

function respond(
  { connection }: OverSocket<string>,
  stream: Http2Stream<string>,
  plan: PlannedResponse,
): void {
  const { kind, status, seal, body } = plan
  if (kind === 'interim') {
    connection.sendHeaders(stream, listOfPairs([[':status', '103']]), false)
  }
  const fields: [string, string][] = [
    [':status', String(status)],
    ['x-seal', seal],
  ]
  if (plan.cut) fields.push(['content-length', String(body.length)])
  connection.sendHeaders(stream, listOfPairs(fields), body === '')
  if (body === '') return
  const bytes = Buffer.from(body, 'latin1')
  if (plan.cut) {
    connection.sendData(stream, bytes.subarray(0, bytes.length / 2), false)
    connection.resetStream(stream, internalError)
  } else if (plan.trailers) {
    connection.sendData(stream, bytes, false)
    connection.sendTrailers(stream, listOfPairs([['x-sum', String(body.length)]]))
  } else connection.sendData(stream, bytes, true)
}
