import { setTimeout as wait } from 'node:timers/promises'
import autocannon from 'autocannon'
import type { Load, RequestPlan } from '../plan/plan.ts'
import { type ClientListener, patchAutocannon } from './autocannon-client.ts'
import type { DriverReport, WindowListener } from './driver.ts'
import { waitUntil, warmUp } from './phases.ts'
import { recorder, type TimedRequest } from './recorder.ts'
import { watchLoop } from './watch-loop.ts'

/** Milliseconds between the moments at which autocannon looks whether it is to stop. */
const lookMs = 50

/** Drives a load in closed loop with autocannon's clients; what they time is written in a ledger of ours. */
export async function driveClosedLoop(
  load: Load,
  url: URL,
  { moments, signal }: { readonly moments: WindowListener; readonly signal: AbortSignal },
): Promise<DriverReport> {
  signal.throwIfAborted()
  const book = recorder()
  const state = { inFlight: 0, inWindow: false, draining: false }
  // One for all: the ledger reads it at once, and no request leaves anything to collect.
  const request = { dueMs: 0, inWindow: false }
  const ended = (sentMs: number): TimedRequest => {
    state.inFlight--
    request.dueMs = sentMs
    request.inWindow = state.inWindow
    return request
  }
  const watcher: ClientListener = {
    sent: () => {
      state.inFlight++
    },
    completed: (status, sentMs) => book.completed(status, ended(sentMs), performance.now()),
    failed: (kind, sentMs) => book.failed(kind, ended(sentMs), performance.now()),
    timedOut: (sentMs) => book.timedOut(ended(sentMs), performance.now()),
    get draining() {
      return state.draining
    },
  }
  const cease = fire(load, url, watcher)
  try {
    const warm = await warmUp(load.warmup, book.bins, signal)
    const opened = state.inFlight
    const openedMs = performance.now()
    state.inWindow = true
    const watched = watchLoop()
    moments.opened(openedMs)
    await wait(load.duration * 1e3, undefined, { signal })
    state.inWindow = false
    const loop = watched()
    const windowSeconds = (performance.now() - openedMs) / 1e3
    const closed = state.inFlight
    moments.closed()

    state.draining = true
    await waitUntil(() => state.inFlight === 0, load.timeout + 1, signal)
    while (state.inFlight > 0) watcher.failed('still in flight at the end', openedMs)
    return {
      ...book.report(),
      windowSeconds,
      warmupSeconds: warm.seconds,
      steady: warm.steady,
      inFlight: { opened, closed },
      ...loop,
    }
  } finally {
    state.draining = true
    await cease()
  }
}

/** Starts autocannon; what it gives back stops it. */
function fire(load: Load, url: URL, watcher: ClientListener): () => Promise<void> {
  const { method, path, bodyBytes }: RequestPlan = load.request
  const options: autocannon.Options = {
    url: new URL(path, url).href,
    method,
    connections: load.connections,
    // We stop it; this is only so that nothing goes on for ever if we do not.
    duration: load.warmup.most + load.duration + 2 * load.timeout + 60,
    sampleInt: lookMs,
    skipAggregateResult: true,
    setupClient: (client) => patchAutocannon(client, load, watcher),
    ...(bodyBytes === 0 ? {} : { body: Buffer.alloc(bodyBytes, 'x') }),
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const cannon = autocannon(options, (error: unknown) => {
    if (error === null) resolve()
    else reject(error)
  })
  return () => {
    cannon.stop()
    return promise
  }
}
