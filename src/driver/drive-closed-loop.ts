import { setTimeout as wait } from 'node:timers/promises'
import type { Load } from '../plan/plan.ts'
import type { DriverReport, LoadControl } from './driver.ts'
import { driverPauses } from './driver-pauses.ts'
import { recorder, type TimedRequest } from './recorder.ts'
import { slowReport } from './slow-report.ts'
import { waitUntil } from './wait-until.ts'
import { watchLoop } from './watch-loop.ts'

/** Listens to the connections of a closed loop. `sentMs`: in ms of `performance.now()`. */
export interface ClientListener {
  sent(): void
  /** `connectedMs`: when its connection was established, where that is known. */
  completed(status: number, sentMs: number, connectedMs?: number): void
  failed(kind: string, sentMs: number): void
  timedOut(sentMs: number): void
  /** Whether no further request may be sent. */
  readonly draining: boolean
}

/** Starts the connections of a closed loop; the returned function closes them. */
export type StartClients = (load: Load, url: URL, listener: ClientListener) => () => Promise<void>

/** Drives a closed loop: warm-up, window and drain. Latencies and outcomes are recorded by our own recorder. */
export async function driveClosedLoop(
  start: StartClients,
  load: Load,
  {
    url,
    control,
    signal,
  }: { readonly url: URL; readonly control: LoadControl; readonly signal: AbortSignal },
): Promise<DriverReport> {
  signal.throwIfAborted()
  await control.ready()
  using pauses = driverPauses()
  const outcomes = recorder()
  const state = { inFlight: 0, inWindow: false, draining: false }
  // One object for all requests: the recorder reads it at once, and no request leaves garbage to collect.
  const request = { dueMs: 0, connectedMs: 0, inWindow: false }
  const ended = (sentMs: number, connectedMs = 0): TimedRequest => {
    state.inFlight--
    request.dueMs = sentMs
    request.connectedMs = connectedMs
    request.inWindow = state.inWindow
    return request
  }
  const clientListener: ClientListener = {
    sent: () => {
      state.inFlight++
    },
    completed: (status, sentMs, connectedMs) =>
      outcomes.completed(status, ended(sentMs, connectedMs), performance.now()),
    failed: (kind, sentMs) => outcomes.failed(kind, ended(sentMs), performance.now()),
    timedOut: (sentMs) => outcomes.timedOut(ended(sentMs), performance.now()),
    get draining() {
      return state.draining
    },
  }
  const stop = start(load, url, clientListener)
  try {
    const warm = await control.warmUp(outcomes.bins)
    const opened = state.inFlight
    const openedMs = performance.now()
    outcomes.opened(openedMs)
    state.inWindow = true
    const watched = watchLoop()
    control.opened()
    await wait(load.duration * 1e3, undefined, { signal })
    state.inWindow = false
    const loop = watched.stop()
    const windowSeconds = (performance.now() - openedMs) / 1e3
    const closed = state.inFlight
    control.closed()

    state.draining = true
    await waitUntil(() => state.inFlight === 0, load.timeout + 1, signal)
    while (state.inFlight > 0) clientListener.failed('still in flight at the end', openedMs)
    return {
      ...outcomes.report(),
      slow: slowReport(outcomes.slow(), pauses.report()),
      windowSeconds,
      warmupSeconds: warm.seconds,
      steady: warm.steady,
      inFlight: { opened, closed },
      ...loop,
    }
  } finally {
    state.draining = true
    await stop()
  }
}
