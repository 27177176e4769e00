import { parentPort, workerData } from 'node:worker_threads'
import { cells, hrtimeOffsetMs } from './precise-timer.ts'

/** The thread behind an alarm: sleeps until the moment that was asked for, and wakes the one who asked. */
function sleepForever(shared: SharedArrayBuffer): never {
  const moment = new Float64Array(shared, 0, 1)
  const cell = new Int32Array(shared)
  const offset = hrtimeOffsetMs()
  let served = 0
  parentPort?.postMessage('ready')
  for (;;) {
    const asked = Atomics.load(cell, cells.asked)
    if (asked === served) {
      Atomics.wait(cell, cells.asked, asked)
      continue
    }
    const leftMs = (moment[0] as number) - offset - performance.now()
    if (leftMs > 0 && Atomics.wait(cell, cells.asked, asked, leftMs) !== 'timed-out') continue
    served = asked
    Atomics.add(cell, cells.rung, 1)
    Atomics.notify(cell, cells.rung)
  }
}

sleepForever(workerData as SharedArrayBuffer)
