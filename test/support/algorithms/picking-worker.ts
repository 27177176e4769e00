import { parentPort, workerData } from 'node:worker_threads'
import { findAlgorithm } from '../../../src/algorithms/find-algorithm.ts'
import { sequenceLock } from '../../../src/algorithms/parts/sequence-lock.ts'
import { settingsOf } from '../../../src/algorithms/parts/settings-of.ts'
import { view } from '../../../src/algorithms/parts/table.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { Task } from './pick-in-workers.ts'

const { algorithm: name, memory, ids, requests, gate, seed } = workerData as Task
const algorithm = findAlgorithm(name)
const { table, shared } = view(memory, ids)
const picker = algorithm.picker(table, {
  random: seeded(seed),
  shared,
  settings: settingsOf(algorithm),
})

/** Requests one after the other, of which three are in flight at a time. */
function work(): { picked: number[]; least: number } {
  const picked = Array<number>(table.size).fill(0)
  const choice = { key: '', now: 0, tried: undefined }
  const open: number[] = []
  let least = 0
  const end = (row: number) => {
    picker.recordLatency?.(row, 0.01, choice.now)
    least = Math.min(least, Atomics.sub(table.inFlight, row, 1) - 1)
  }
  for (let request = 0; request < requests; request++) {
    choice.now = request / 1000
    choice.key = `${seed}.${request}`
    const row = picker.pick(choice)
    Atomics.add(table.inFlight, row, 1)
    picked[row] = (picked[row] ?? 0) + 1
    open.push(row)
    if (open.length === 3) end(open.shift() as number)
  }
  for (const row of open) end(row)
  return { picked, least }
}

if (requests === 0) {
  // Dies while it holds the lock, which some algorithms keep in the first cell.
  sequenceLock(shared.ints, 0).acquire()
  process.exit(0)
}
const ready = new Int32Array(gate)
Atomics.sub(ready, 0, 1)
Atomics.notify(ready, 0)
// All start at the same time, so that they contend.
for (let left = Atomics.load(ready, 0); left > 0; left = Atomics.load(ready, 0)) {
  Atomics.wait(ready, 0, left)
}
parentPort?.postMessage(work())
