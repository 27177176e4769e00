import { METHODS } from 'node:http'
import { firstValue } from './blocks.ts'
import type { ClientCase } from './client-case.ts'
import type { Reached } from './fuzz-backends.ts'
import type { ObservedStream } from './observed-frames.ts'
import { type PlannedResponse, plannedResponse } from './planned-response.ts'
import { readSentRequests, type SentRequest } from './reference-requests.ts'
import type { ClientView } from './send-client-case.ts'

/** A case, and what client and backends observed. */
export interface ClientCaseResult {
  readonly one: ClientCase
  readonly seen: ClientView
  /** Requests of this client that reached a backend. */
  readonly reached: readonly Reached[]
}

/** All faults of a case. */
export function checkClientCase({ one, seen, reached }: ClientCaseResult): string[] {
  const requests = readSentRequests(seen.sent)
  const faults = [...seen.frames.violations, ...reachedFaults([...requests.values()], reached)]
  if (seen.hung) faults.push('hangs: the connection stayed open')
  for (const [id, stream] of seen.frames.streams) {
    const sent = requests.get(id)
    const fault = responseFault(stream, sent, one)
    if (fault !== undefined) faults.push(`stream ${id}: ${fault}`)
  }
  if (!one.valid) return faults
  if (seen.fault !== undefined) faults.push(`the connection ended with ${seen.fault}`)
  if (seen.frames.left > 0) faults.push('the connection ended within a frame')
  for (const code of seen.frames.goAways) {
    if (code !== 0) faults.push(`GOAWAY with code ${code} to a valid client`)
  }
  for (const [id, sent] of requests) {
    const fault = missingFault(seen.frames.streams.get(id), planOf(sent, one))
    if (fault !== undefined) faults.push(`stream ${id}: ${fault}`)
  }
  return faults
}

function planOf({ method, target }: SentRequest, { address }: ClientCase): PlannedResponse {
  return plannedResponse({ address, method, target })
}

/** Each request that reached a backend must be one that was sent; complete only with the whole body. */
function reachedFaults(sent: readonly SentRequest[], reached: readonly Reached[]): string[] {
  return reached.flatMap((got) => {
    const { method, target, body, complete } = got
    const same = sent.filter((one) => one.method === method && one.target === target)
    if (same.length === 0) return [`smuggled: ${method} ${target}`]
    const textOf = (one: SentRequest) => Buffer.concat(one.body).toString('latin1')
    const fits = same.some((one) =>
      complete ? isComplete(one) && textOf(one) === body : textOf(one).startsWith(body),
    )
    return fits
      ? []
      : [
          `${complete ? 'complete' : 'incomplete'}, the body of ${target} became ` +
            `${body.length} bytes: …${JSON.stringify(body.slice(-100))}`,
        ]
  })
}

/** With Content-Length the body is whole before END_STREAM. */
function isComplete({ complete, fields, body }: SentRequest): boolean {
  const length = body.reduce((sum, part) => sum + part.length, 0)
  return complete || firstValue(fields, 'content-length') === String(length)
}

/** A response must be that of its request. */
function responseFault(
  stream: ObservedStream,
  sent: SentRequest | undefined,
  one: ClientCase,
): string | undefined {
  const { fields } = stream
  if (fields === undefined) return undefined
  const status = Number(firstValue(fields, ':status'))
  if (status >= 300 && status < 500) return undefined
  if (sent === undefined) return `status ${status}, and there was no such request`
  const plan = planOf(sent, one)
  if (status >= 500) {
    // The backend's parser closes the connection at a method that it does not know.
    const mayBreak = plan.cut || !METHODS.includes(sent.method)
    return mayBreak && status === 502 ? undefined : `status ${status}, for a sound backend`
  }
  const isLocal = /^(OPTIONS|TRACE)$/.test(sent.method)
  if (isLocal && firstValue(sent.fields, 'max-forwards') === '0') return undefined
  if (firstValue(fields, 'x-seal') !== plan.seal) return 'the response of another request'
  return stream.ending === 'end' ? incompleteFault(stream, sent, plan) : undefined
}

/** A response that ends cleanly must be whole. */
function incompleteFault(
  { body, trailers }: ObservedStream,
  sent: SentRequest,
  plan: PlannedResponse,
): string | undefined {
  if (plan.cut) return 'a response that was cut ends cleanly'
  const text = Buffer.concat(body).toString('latin1')
  if (text !== plan.body) {
    return `the response has ${text.length} bytes instead of ${plan.body.length}, and ends cleanly`
  }
  return plan.trailers && trailers === undefined && firstValue(sent.fields, 'te') === 'trailers'
    ? 'the trailers are missing'
    : undefined
}

/** A valid request must get its response. */
function missingFault(
  stream: ObservedStream | undefined,
  plan: PlannedResponse,
): string | undefined {
  if (stream === undefined) return 'no response'
  if (plan.cut) return stream.ending === undefined ? 'a cut response does not end' : undefined
  if (stream.fields === undefined) return 'no response but a reset'
  const status = Number(firstValue(stream.fields, ':status'))
  if (status !== plan.status) return `status ${status} instead of ${plan.status}`
  return stream.ending === 'end' ? undefined : `the response of ${plan.kind} is not complete`
}
