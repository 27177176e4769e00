import { setTimeout as wait } from 'node:timers/promises'
import autocannon from 'autocannon'
import type { Load, RequestPlan } from '../plan/plan.ts'
import { type ClientListener, patchAutocannon } from './autocannon-client.ts'
import type { DriverReport, WindowListener } from './driver.ts'
import { waitUntil, warmUp } from './phases.ts'
import { recorder, type TimedRequest } from './recorder.ts'
import { watchLoop } from './watch-loop.ts'

/** Milliseconds between the times at which autocannon checks whether it is stopped. */
const stopCheckMs = 50

/** Drives a closed loop with autocannon's clients; latencies and outcomes are recorded by our own recorder. */
export async function driveClosedLoop(
  load: Load,
  url: URL,
  { listener, signal }: { readonly listener: WindowListener; readonly signal: AbortSignal },
): Promise<DriverReport> {
  signal.throwIfAborted()
  const outcomes = recorder()
  const state = { inFlight: 0, inWindow: false, draining: false }
  // One object for all requests: the recorder reads it at once, and no request leaves garbage to collect.
  const request = { dueMs: 0, inWindow: false }
  const ended = (sentMs: number): TimedRequest => {
    state.inFlight--
    request.dueMs = sentMs
    request.inWindow = state.inWindow
    return request
  }
  const clientListener: ClientListener = {
    sent: () => {
      state.inFlight++
    },
    completed: (status, sentMs) => outcomes.completed(status, ended(sentMs), performance.now()),
    failed: (kind, sentMs) => outcomes.failed(kind, ended(sentMs), performance.now()),
    timedOut: (sentMs) => outcomes.timedOut(ended(sentMs), performance.now()),
    get draining() {
      return state.draining
    },
  }
  const stop = start(load, url, clientListener)
  try {
    const warm = await warmUp(load.warmup, outcomes.bins, signal)
    const opened = state.inFlight
    const openedMs = performance.now()
    state.inWindow = true
    const stopWatching = watchLoop()
    listener.opened(openedMs)
    await wait(load.duration * 1e3, undefined, { signal })
    state.inWindow = false
    const loop = stopWatching()
    const windowSeconds = (performance.now() - openedMs) / 1e3
    const closed = state.inFlight
    listener.closed()

    state.draining = true
    await waitUntil(() => state.inFlight === 0, load.timeout + 1, signal)
    while (state.inFlight > 0) clientListener.failed('still in flight at the end', openedMs)
    return {
      ...outcomes.report(),
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

/** Starts autocannon; the returned function stops it. */
function start(load: Load, url: URL, listener: ClientListener): () => Promise<void> {
  const { method, path, bodyBytes }: RequestPlan = load.request
  const options: autocannon.Options = {
    url: new URL(path, url).href,
    method,
    connections: load.connections,
    // We stop it earlier; this limit only holds if we fail to.
    duration: load.warmup.most + load.duration + 2 * load.timeout + 60,
    sampleInt: stopCheckMs,
    skipAggregateResult: true,
    setupClient: (client) => patchAutocannon(client, load, listener),
    ...(bodyBytes === 0 ? {} : { body: Buffer.alloc(bodyBytes, 'x') }),
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const instance = autocannon(options, (error: unknown) => {
    if (error === null) resolve()
    else reject(error)
  })
  return () => {
    instance.stop()
    return promise
  }
}
