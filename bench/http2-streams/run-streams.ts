import { startFuzzedBalancer } from '../../fuzz/fuzzed-balancer.ts'
import { configFor } from '../../test/balancer/support/balance.ts'
import { earlyBackends } from './backends.ts'
import { playConnection, streamsOfConnection } from './connection.ts'

/** Options of a run. */
export interface StreamsRun {
  readonly streams: number
  /** The balancer's module, and the file of its output. */
  readonly file: string
  readonly log: string
  /** Called after each tenth of the streams. */
  onTenth?(streams: number, residentBytes: number): void
}

/** The results of a run. */
export interface StreamsResult {
  readonly streams: number
  readonly seconds: number
  /** Resident bytes of the balancer after each tenth of the streams. */
  readonly resident: readonly number[]
  /** Requests in flight at the end, by backend. */
  readonly inFlight: readonly number[]
  /** The balancer's output: empty while no worker has died. */
  readonly printed: string
}

const connections = 8

/**
 * Opens streams over a few connections at a time, with resets, early responses, and trailers that do not end.
 *
 * @throws {Error} the balancer closed a connection too early, or has ended
 */
export async function runStreams({
  streams,
  file,
  log,
  onTenth,
}: StreamsRun): Promise<StreamsResult> {
  await using backends = await earlyBackends()
  await using balancer = await startFuzzedBalancer(file, log, {
    ...configFor([], { workers: 2 }),
    backends: backends.urls.map((url) => ({ url, weight: 1 })),
  })
  const started = performance.now()
  const resident: number[] = []
  let opened = 0
  let played = 0
  async function playSome(): Promise<void> {
    while (opened < streams) {
      opened += streamsOfConnection
      await playConnection(balancer.port)
      played += streamsOfConnection
      if (played < ((resident.length + 1) * streams) / 10) continue
      resident.push(balancer.residentBytes())
      onTenth?.(played, balancer.residentBytes())
    }
  }
  await Promise.all(Array.from({ length: connections }, playSome))
  const seconds = (performance.now() - started) / 1000
  let { inFlight } = await balancer.counts()
  for (let left = 100; left > 0 && inFlight.some((n) => n > 0); left--) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    inFlight = (await balancer.counts()).inFlight
  }
  return { streams: played, seconds, resident, inFlight, printed: balancer.printed() }
}
