import { setTimeout as wait } from 'node:timers/promises'
import { exchange } from '../test/balancer/support/raw-client.ts'
import { type FuzzedBalancer, startFuzzedBalancer } from './fuzzed-balancer.ts'
import type { Finding, Fuzzer } from './fuzzer.ts'

/** Options of a campaign: the cases, and the balancer. */
export interface Campaign {
  readonly seed: number
  readonly fuzzer: Fuzzer
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
  /** Requests that reached a backend in full. */
  reached: number
  /** Responses by status; 0: no response. */
  readonly statuses: Record<number, number>
  hangs: number
  readonly findings: Finding[]
  /** Sockets that the balancer had open before the first case, and after the last. */
  readonly sockets: [number, number]
  /** Resident bytes of the balancer after each batch. */
  readonly resident: number[]
}

/** Milliseconds without data that count as a hang: far more than all time-outs together. */
const hangMs = 15_000

/** Sends all batches to a new balancer; ends with the first batch that has a finding. */
export async function fuzz(campaign: Campaign): Promise<Tally> {
  const { fuzzer, file, log } = campaign
  await using subject = await startFuzzedBalancer(file, log, fuzzer.config)
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
    await playBatch(campaign, { subject, numbers, tally })
    campaign.onBatch?.(tally)
    if (tally.findings.length > 0) break
  }
  await checkEnd(subject, tally)
  return tally
}

async function playBatch(
  { seed, fuzzer }: Campaign,
  {
    subject,
    numbers,
    tally,
  }: { readonly subject: FuzzedBalancer; readonly numbers: readonly number[]; tally: Tally },
): Promise<void> {
  const { port } = subject
  const result = await fuzzer.play({ seed, numbers, port, hangMs })
  await probe(subject).catch((error: Error) =>
    tally.findings.push({ fault: `no longer responds: ${error.message}` }),
  )
  if (subject.printed() !== '') {
    tally.findings.push({ fault: `the balancer printed: ${subject.printed()}` })
  }
  tally.findings.push(...result.findings)
  tally.cases += numbers.length
  tally.reached += result.reached
  tally.hangs += result.hangs
  for (const status of result.statuses) {
    tally.statuses[status] = (tally.statuses[status] ?? 0) + 1
  }
  tally.resident.push(subject.residentBytes())
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
  if (tally.sockets[1] > before) {
    tally.findings.push({ fault: `${tally.sockets[1] - before} sockets are left open` })
  }
  if (inFlight.some((n) => n !== 0)) {
    tally.findings.push({ fault: `still in flight: ${inFlight.join(', ')}` })
  }
}

/** Waits until nothing is in flight and `busy` is false, for at most the time of a hang. */
async function waitUntilIdle(subject: FuzzedBalancer, busy: () => boolean): Promise<void> {
  const started = performance.now()
  const inFlight = async () => (await subject.counts()).inFlight.some((n) => n !== 0)
  while (performance.now() < started + hangMs && (busy() || (await inFlight()))) await wait(100)
}
