import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'

/** Cells through which a test makes a worker fail, step by step. */
export interface Reins {
  readonly worker: number
  /** The step that it has reached, and the step that it may reach: 1, about to fail; 2, about to end. */
  readonly steps: Int32Array
}

/**
 * A balancer's worker that a test holds: before it is ready, as long as there is the file that `LB_TEST_HOLD`
 * names, with others beside it that say that it is held, and that it is ready; and on its way to an uncaught
 * exception. While there is `LB_TEST_VAIN` it adds a letter to the file of that name, and fails at once.
 */
const channel = new BroadcastChannel('reins') as BroadcastChannel & { unref(): void }
channel.onmessage = ({ data }) => {
  const { worker, steps } = data as Reins
  if (worker !== (workerData as { readonly worker: number }).worker) return
  const stand = (step: number) => {
    Atomics.store(steps, 0, step)
    while (Atomics.load(steps, 1) < step) Atomics.wait(steps, 1, Atomics.load(steps, 1))
  }
  process.on('exit', () => stand(2))
  stand(1)
  throw new Error('as a test asked')
}
channel.unref()

if (process.env.LB_TEST_VAIN !== undefined) {
  appendFileSync(process.env.LB_TEST_VAIN, 'x')
  throw new Error('in vain, as a test asked')
}
const hold = process.env.LB_TEST_HOLD
if (hold !== undefined) writeFileSync(`${hold}-held`, '')
while (hold !== undefined && existsSync(hold)) await wait(5)
await import('../../../../src/balancer/worker/worker.ts')
if (hold !== undefined) writeFileSync(`${hold}-ready`, '')
