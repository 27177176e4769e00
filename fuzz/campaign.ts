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

/** Which cases are played, against what. */
export interface Campaign {
  readonly seed: number
  /** The balancer's module, and where its output goes. */
  readonly file: string
  readonly log: string
  /** The numbers of the cases, batch by batch. */
  readonly batches: Iterable<readonly number[]>
  /** Told of progress. */
  onBatch?(tally: Tally): void
}

/** What came of a campaign so far. */
export interface Tally {
  cases: number
  /** Requests that reached the backend in full. */
  reached: number
  /** Responses by status; 0: closed without one. */
  readonly statuses: Record<number, number>
  hangs: number
  readonly findings: Finding[]
  /** Sockets that the balancer had open before the first case, and after the last. */
  readonly sockets: [number, number]
  /** Bytes that it had in use, after each batch. */
  readonly resident: number[]
}

/** Something that is wrong. */
export interface Finding {
  /** Undefined where it cannot be put down to one case. */
  readonly one: FuzzCase | undefined
  readonly fault: string
}

/** Short, so that what is cut short is over soon. In seconds. */
const timeouts = { idle: 0.4, head: 0.4, keepAlive: 0.4, pool: 1, linger: 0.4 }
/** Milliseconds of silence that are a hang: far more than all of those together. */
const patienceMs = 15_000

/** Plays all batches against a fresh balancer with two workers; ends with the first batch that finds something. */
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
  // With the connections to the backend closed that wait in the pool.
  await settled(subject, () => subject.sockets() > 2)
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
  const seen = await Promise.all(cases.map((one) => sendCase(one, subject.port, patienceMs)))
  const general = (fault: string) => tally.findings.push({ one: undefined, fault })
  await probe(subject).catch((error: Error) => general(`no response any more: ${error.message}`))
  if (subject.printed() !== '') general(`the balancer said: ${subject.printed()}`)
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

/** A good request must get its response, whatever came before it. */
async function probe({ port }: FuzzedBalancer): Promise<void> {
  const response = await exchange(
    port,
    'GET /probe HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n',
  )
  if (!response.startsWith('HTTP/1.1 200 ')) throw new Error(JSON.stringify(response))
}

/** When all is over nothing may be left: no request in flight, no file open. */
async function checkEnd(subject: FuzzedBalancer, tally: Tally): Promise<void> {
  const [before] = tally.sockets
  await settled(subject, () => subject.sockets() > before)
  tally.sockets[1] = subject.sockets()
  const { inFlight } = await subject.counts()
  const general = (fault: string) => tally.findings.push({ one: undefined, fault })
  if (tally.sockets[1] > before) general(`${tally.sockets[1] - before} sockets are left open`)
  if (inFlight.some((n) => n !== 0)) general(`still in flight: ${inFlight.join(', ')}`)
}

/** Waits until nothing is in flight and `busy` no more, for a time after which it never will be. */
async function settled(subject: FuzzedBalancer, busy: () => boolean): Promise<void> {
  const started = performance.now()
  const inFlight = async () => (await subject.counts()).inFlight.some((n) => n !== 0)
  while (performance.now() < started + patienceMs && (busy() || (await inFlight()))) await wait(100)
}
