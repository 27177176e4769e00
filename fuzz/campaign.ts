import { setTimeout as wait } from 'node:timers/promises'
import { configFor } from '../test/balancer/support/balance.ts'
import { exchange } from '../test/balancer/support/raw-client.ts'
import type { RecordingBackend } from '../test/balancer/support/recording-backend.ts'
import { checkCase, responsesIn } from './check-case.ts'
import { clientOf, fuzzBackend } from './fuzz-backend.ts'
import { type FuzzCase, fuzzCase } from './fuzz-case.ts'
import { type FuzzedBalancer, startFuzzedBalancer } from './fuzzed-balancer.ts'
import { readRequests } from './reference-reader.ts'
import { type ClientView, sendCase } from './send-case.ts'

/** Options of a campaign: the cases, and the balancer. */
export interface Campaign {
  readonly seed: number
  /** The balancer's module, and the file of its output. */
  readonly file: string
  readonly log: string
  /** The numbers of the cases, batch by batch. */
  readonly batches: Iterable<readonly number[]>
  /** Called after each batch. */
  onBatch?(tally: Tally): void
}

/** The results of a campaign so far. */
export interface Tally {
  cases: number
  /** Requests that reached the backend in full. */
  reached: number
  /** Responses by status; 0: connections closed without a response. */
  readonly statuses: Record<number, number>
  hangs: number
  readonly findings: Finding[]
  /** Sockets that the balancer had open before the first case, and after the last. */
  readonly sockets: [number, number]
  /** Resident bytes of the balancer after each batch. */
  readonly resident: number[]
}

/** A fault that was found. */
export interface Finding {
  /** The case; undefined where the fault belongs to no single case. */
  readonly one: FuzzCase | undefined
  readonly fault: string
}

/** Short, so that truncated requests end soon. In seconds. */
const timeouts = { idle: 0.4, head: 0.4, keepAlive: 0.4, pool: 1, linger: 0.4 }
/** Milliseconds without data that count as a hang: far more than all time-outs together. */
const hangMs = 15_000

/** Sends all batches to a new balancer with two workers; ends with the first batch that has a finding. */
export async function fuzz(campaign: Campaign): Promise<Tally> {
  await using backend = await fuzzBackend()
  const config = configFor([backend.port], { workers: 2, timeouts })
  await using subject = await startFuzzedBalancer(campaign.file, campaign.log, config)
  const tally: Tally = {
    cases: 0,
    reached: 0,
    statuses: {},
    hangs: 0,
    findings: [],
    sockets: [0, 0],
    resident: [],
  }
  await probe(subject)
  // Wait until pooled connections to the backend are closed.
  await waitUntilIdle(subject, () => subject.sockets() > 2)
  tally.sockets[0] = subject.sockets()
  for (const numbers of campaign.batches) {
    await playBatch(campaign, { subject, backend, numbers, tally })
    campaign.onBatch?.(tally)
    if (tally.findings.length > 0) break
  }
  await checkEnd(subject, tally)
  return tally
}

interface Batch {
  readonly subject: FuzzedBalancer
  readonly backend: RecordingBackend
  readonly numbers: readonly number[]
  readonly tally: Tally
}

async function playBatch({ seed }: Campaign, { subject, backend, numbers, tally }: Batch) {
  backend.forget()
  const cases = numbers.map((number) => fuzzCase(seed, number))
  const seen = await Promise.all(cases.map((one) => sendCase(one, subject.port, hangMs)))
  const general = (fault: string) => tally.findings.push({ one: undefined, fault })
  await probe(subject).catch((error: Error) => general(`no longer responds: ${error.message}`))
  if (subject.printed() !== '') general(`the balancer printed: ${subject.printed()}`)
  for (const fault of backend.faults) general(`the backend cannot read what it got: ${fault}`)
  const addresses = new Set(cases.map(({ address }) => address))
  for (const got of backend.begun) {
    if (got.target !== '/probe' && !addresses.has(clientOf(got)))
      general(`smuggled, from no client: ${JSON.stringify(got)}`)
  }
  for (const [index, one] of cases.entries()) {
    const begun = backend.begun.filter((got) => clientOf(got) === one.address)
    const evidence = { one, seen: seen[index] as ClientView, begun }
    for (const fault of checkCase(evidence)) tally.findings.push({ one, fault })
    count(tally, evidence.one, evidence.seen)
    tally.reached += begun.filter(({ complete }) => complete).length
  }
  tally.resident.push(subject.residentBytes())
}

function count(tally: Tally, one: FuzzCase, seen: ClientView): void {
  tally.cases++
  if (seen.hung) tally.hangs++
  const { responses } = responsesIn(readRequests(one.raw), seen)
  const statuses = responses.length === 0 ? [0] : responses.map(({ status }) => status)
  for (const status of statuses) tally.statuses[status] = (tally.statuses[status] ?? 0) + 1
}

/** A valid request must get its response, whatever was sent before. */
async function probe({ port }: FuzzedBalancer): Promise<void> {
  const response = await exchange(
    port,
    'GET /probe HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n',
  )
  if (!response.startsWith('HTTP/1.1 200 ')) throw new Error(JSON.stringify(response))
}

/** At the end nothing may be left: no request in flight, no socket open. */
async function checkEnd(subject: FuzzedBalancer, tally: Tally): Promise<void> {
  const [before] = tally.sockets
  await waitUntilIdle(subject, () => subject.sockets() > before)
  tally.sockets[1] = subject.sockets()
  const { inFlight } = await subject.counts()
  const general = (fault: string) => tally.findings.push({ one: undefined, fault })
  if (tally.sockets[1] > before) general(`${tally.sockets[1] - before} sockets are left open`)
  if (inFlight.some((n) => n !== 0)) general(`still in flight: ${inFlight.join(', ')}`)
}

/** Waits until nothing is in flight and `busy` is false, for at most the time of a hang. */
async function waitUntilIdle(subject: FuzzedBalancer, busy: () => boolean): Promise<void> {
  const started = performance.now()
  const inFlight = async () => (await subject.counts()).inFlight.some((n) => n !== 0)
  while (performance.now() < started + hangMs && (busy() || (await inFlight()))) await wait(100)
}
