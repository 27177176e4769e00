import { METHODS } from 'node:http'
import {
  type ReceivedResponses,
  readResponses,
} from '../../test/balancer/support/read-responses.ts'
import type { Begun } from '../../test/balancer/support/recording-backend.ts'
import { sealOf } from '../seal.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { type Reading, type ReadRequest, readRequests } from './reference-reader.ts'
import type { ClientView } from './send-case.ts'

/** A case, and what client and backend observed. */
export interface CaseResult {
  readonly one: FuzzCase
  readonly seen: ClientView
  /** Requests that reached the backend from this client, in order. */
  readonly begun: readonly Begun[]
}

/** All faults of a case. */
export function checkCase({ one, seen, begun }: CaseResult): string[] {
  const reading = readRequests(one.raw)
  const faults = [
    ...reachedFaults(reading, begun),
    ...begun.flatMap((head) => headFaults(head, one)),
  ]
  if (seen.hung) faults.push('hangs: no response, and the connection respondedLocally open')
  // A client that left has not read the response, or has given up its own request; HTTP/2 is not checked here.
  const gaveUp = one.ending === 'half-close' && reading.unfinished !== undefined
  const left = one.ending === 'close' || one.ending === 'reset' || gaveUp
  if (left || seen.hung || one.raw.startsWith('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')) return faults
  const responses = responsesIn(reading, seen)
  return [
    ...faults,
    ...responseFaults(responses, reading, one),
    ...countFaults(responses, begun, seen),
  ]
}

/** The responses that a client received. */
export function responsesIn(reading: Reading, { text, hung }: ClientView): ReceivedResponses {
  const { requests, unfinished, startsLikeHead } = reading
  const last = startsLikeHead ? 'HEAD' : unfinished?.method
  const methods = [...requests.map(({ method }) => method), last]
  return readResponses(text, { toHead: (index) => methods[index] === 'HEAD', closed: !hung })
}

/** The backend must receive the requests that were sent, unchanged and in order, and no others. */
function reachedFaults({ requests, unfinished }: Reading, begun: readonly Begun[]): string[] {
  // The backend's parser rejects unknown methods, and does not report them.
  const reported = ({ method, respondedLocally }: ReadRequest) =>
    METHODS.includes(method) && !respondedLocally
  const expected = requests.filter(reported)
  return begun.flatMap((got, index) => {
    const sent = expected[index]
    if (sent !== undefined) return changes(sent, got)
    const last = index === expected.length && !got.complete && unfinished !== undefined
    const same = last && sameHead(unfinished, got)
    return same ? [] : [`smuggled: ${got.method} ${got.target}${got.complete ? '' : ' …'}`]
  })
}

function changes(sent: ReadRequest, got: Begun): string[] {
  if (!sameHead(sent, got)) {
    return [`${sent.method} ${sent.target} reached the backend as ${got.method} ${got.target}`]
  }
  const complete = !got.complete || got.body === sent.body
  return complete
    ? []
    : [`the body of ${got.target} became ${JSON.stringify(got.body.slice(0, 200))}`]
}

function sameHead(
  sent: { readonly method: string; readonly target: string },
  got: { readonly method: string; readonly target: string },
): boolean {
  return sent.method === got.method && sent.target === got.target
}

/** A head that could be read in two ways, or that a client forged. */
function headFaults({ rawHeaders, target }: Begun, { address }: FuzzCase): string[] {
  const values = new Map<string, string[]>()
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = String(rawHeaders[i]).toLowerCase()
    values.set(name, [...(values.get(name) ?? []), String(rawHeaders[i + 1])])
  }
  const of = (name: string) => values.get(name) ?? []
  const [length, coding] = [of('content-length'), of('transfer-encoding')]
  const rules: [boolean, string][] = [
    [of('host').length === 1, 'not one Host'],
    [length.every((one) => /^\d+$/.test(one)) && length.length < 2, 'no clear Content-Length'],
    [coding.every((one) => one === 'chunked') && coding.length < 2, 'no clear Transfer-Encoding'],
    [length.length + coding.length < 2, 'Content-Length and Transfer-Encoding'],
    [of('via').length === 1 && / lb$/.test(of('via')[0] ?? ''), 'not our Via'],
    [of('x-forwarded-for').length === 1, 'not one X-Forwarded-For'],
    [(of('x-forwarded-for')[0] ?? '').endsWith(address), 'not its X-Forwarded-For'],
    [/^(Upgrade|TE|)$/.test(of('connection').join()), 'a Connection field of the client'],
  ]
  return rules.flatMap(([fine, what]) =>
    fine ? [] : [`${target} reached the backend with ${what}`],
  )
}

/** The response to a request must be that request's. */
function responseFaults(
  { responses }: ReceivedResponses,
  { requests, unfinished }: Reading,
  { address }: FuzzCase,
): string[] {
  return responses.flatMap(({ status, headers }, index) => {
    if (status === 500 || (status >= 502 && status <= 504))
      return [`response ${index + 1} is ${status}, for a sound backend`]
    if (status >= 300) return []
    const sent = [...requests, unfinished?.respondedLocally ? unfinished : undefined][index]
    if (sent?.respondedLocally) return []
    if (sent === undefined)
      return [`response ${index + 1} is ${status}, and there was no such request`]
    const mine = headers['x-seal'] === sealOf(address, sent.method, sent.target)
    return mine ? [] : [`the response to ${sent.method} ${sent.target} is another's`]
  })
}

function countFaults(
  { responses, complete }: ReceivedResponses,
  begun: readonly Begun[],
  seen: ClientView,
): string[] {
  // Bytes that come after a refusal may reset the connection, and what was on its way is lost.
  if (seen.fault !== undefined) return []
  const faults: string[] = []
  if (!complete)
    faults.push(`what came is no complete response: ${JSON.stringify(seen.text.slice(-300))}`)
  if (begun.length > responses.length + 1) {
    faults.push(
      `${begun.length} requests reached the backend, and ${responses.length} were answered`,
    )
  }
  return faults
}
