import { parentPort, workerData } from 'node:worker_threads'
import { hrtimeOffsetMs } from './clock.ts'
import { cells } from './precise-timer-cells.ts'

/** The thread behind a precise timer: sleeps until the requested time, then wakes the thread that requested it. */
function sleepForever(shared: SharedArrayBuffer): never {
  const moment = new Float64Array(shared, 0, 1)
  const cell = new Int32Array(shared)
  const offsetMs = hrtimeOffsetMs()
  let handled = 0
  parentPort?.postMessage('ready')
  for (;;) {
    const requested = Atomics.load(cell, cells.requested)
    if (requested === handled) {
      Atomics.wait(cell, cells.requested, requested)
      continue
    }
    const leftMs = (moment[0] as number) - offsetMs - performance.now()
    if (leftMs > 0 && Atomics.wait(cell, cells.requested, requested, leftMs) !== 'timed-out') {
      continue
    }
    handled = requested
    if (Atomics.load(cell, cells.cancelled) === requested) continue
    Atomics.add(cell, cells.woken, 1)
    Atomics.notify(cell, cells.woken)
  }
}

sleepForever(workerData as SharedArrayBuffer)
