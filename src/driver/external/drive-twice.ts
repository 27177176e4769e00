import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Load } from '../../plan/plan.ts'
import { streamsOf } from '../../plan/transport.ts'
import { histogram } from '../../stats/histogram/histogram.ts'
import type { Counts, DriverReport, LoadControl } from '../driver.ts'

/** One run of an external load generator. */
export interface ExternalRun {
  readonly seconds: number
  readonly counts: Counts
  /** Requests without a 2xx response, by kind. */
  readonly errorKinds: Readonly<Record<string, number>>
  /** Latencies in µs, each with its count. */
  readonly latencies: Iterable<readonly [micros: number, count: number]>
  /** Responses completed in each 100 ms. */
  readonly bins: readonly number[]
}

/** Options of one run. */
export interface ExternalOptions {
  readonly load: Load
  readonly url: URL
  readonly seconds: number
  /** A directory for its files. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly listener: Pick<LoadControl, 'opened' | 'closed'>
}

/** Runs the program once: from the listener's `opened` to its `closed` it sends requests. */
export type RunOnce = (options: ExternalOptions) => Promise<ExternalRun>

/**
 * Drives a closed loop with an external program that has no warm-up of its own, or none that its counts leave out: it
 * runs twice, and the first run is thrown away.
 */
export async function driveTwice(
  run: RunOnce,
  load: Load,
  {
    url,
    control,
    signal,
  }: { readonly url: URL; readonly control: LoadControl; readonly signal: AbortSignal },
): Promise<DriverReport> {
  signal.throwIfAborted()
  const folder = await mkdtemp(join(tmpdir(), 'lb-driver-'))
  try {
    const options = { load, url, folder, signal }
    await control.ready()
    let bins: readonly number[] = []
    const opening = control.warmUp(() => bins)
    // If the first run fails, nobody waits for it.
    opening.catch(() => undefined)
    const listener = { opened() {}, closed() {} }
    const { least } = load.warmup
    const first = least > 0 ? await run({ ...options, seconds: least, listener }) : undefined
    bins = first?.bins ?? []
    control.warmedUp()
    const warm = await opening
    const main = await run({ ...options, seconds: load.duration, listener: control })
    return reportOf(load, { first, main, warm })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Runs {
  readonly first: ExternalRun | undefined
  readonly main: ExternalRun
  readonly warm: Awaited<ReturnType<LoadControl['warmUp']>>
}

function reportOf(load: Load, { first, main, warm }: Runs): DriverReport {
  const inFlight = load.connections * streamsOf(load)
  const latency = histogram()
  let [sum, count] = [0, 0]
  for (const [micros, times] of main.latencies) {
    latency.recordMany(micros, times)
    sum += micros * times
    count += times
  }
  const meanSeconds = count === 0 ? 0 : sum / count / 1e6
  return {
    windowSeconds: main.seconds,
    warmupSeconds: warm.seconds,
    steady: warm.steady,
    window: main.counts,
    total: first === undefined ? main.counts : added(first.counts, main.counts),
    inFlight: { opened: 0, closed: inFlight },
    // The end of each run cuts off one request of each stream, which the program counts nowhere.
    cutOff: (first === undefined ? 1 : 2) * inFlight,
    latency: latency.encode(),
    meanSeconds,
    ...(count > 0 && { okMeanSeconds: meanSeconds }),
    bins: [...(first?.bins ?? []), ...main.bins],
    errorKinds: main.errorKinds,
  }
}

function added(a: Counts, b: Counts): Counts {
  return {
    ok: a.ok + b.ok,
    non2xx: a.non2xx + b.non2xx,
    errors: a.errors + b.errors,
    timeouts: a.timeouts + b.timeouts,
    dropped: a.dropped + b.dropped,
  }
}
