import { expect, test } from 'vitest'
import type { BackendsConfig, FaultsOptions } from '../../src/backend/config.ts'
import { startBackends } from '../../src/lab/backend-fleet.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'

function backend(weight: number): BackendPlan {
  return { weight, serviceTime: { kind: 'none' }, responseBytes: 1, concurrency: 0, errorRate: 0 }
}

/** A process of backends that exists as messages only: backend n listens on port 1000 + n and has received 10 n requests. */
function fakeProcess() {
  let numbers: readonly number[] = []
  const faults: FaultsOptions[] = []
  const handlers: Readonly<Record<string, (payload: never) => unknown>> = {
    start(config: BackendsConfig) {
      numbers = config.numbers ?? []
      return { ports: numbers.map((number) => 1000 + number) }
    },
    queueWaits: () => numbers.map((number) => ({ kind: 'queue', fromMs: 0, untilMs: number })),
    counts: () => ({ backends: numbers.map((number) => ({ received: 10 * number })) }),
    injectFaults: (options: FaultsOptions) => void faults.push(options),
    faultTimeline: () => ({
      received: numbers.map((number) => [number]),
      faults: faults.flatMap((one) => one.faults.map(({ at }) => ({ from: at }))),
    }),
  }
  return {
    call: async <Result>(handler: string, payload?: unknown) =>
      handlers[handler]?.(payload as never) as Result,
    faults,
  }
}

test('backends in several processes keep the order, the numbers and the faults of the plan', async () => {
  const processes = [fakeProcess(), fakeProcess()]
  const fleet = await startBackends(processes, {
    backends: [backend(1), backend(5), backend(1)],
    seed: 1,
    signal: new AbortController().signal,
  })
  expect(fleet.urls.map(({ port }) => port)).toEqual(['1001', '1002', '1003'])
  expect((await fleet.queueWaits()).map(({ untilMs }) => untilMs).toSorted()).toEqual([1, 2, 3])
  expect((await fleet.counts()).map(({ received }) => received)).toEqual([10, 20, 30])

  const effect = { kind: 'kill' } as const
  const faults = [3, 2, 1].map((number, i) => ({ backend: number, at: i + 1, effect }))
  await fleet.injectFaults({ openedMs: 0, faults, binSeconds: 0.1, bins: 10 })
  // The heavy second backend is alone in the first process.
  expect(processes.map(({ faults: [own] }) => own?.faults)).toEqual([
    [{ backend: 1, at: 2, effect }],
    [
      { backend: 2, at: 1, effect },
      { backend: 1, at: 3, effect },
    ],
  ])
  expect(await fleet.faultTimeline()).toEqual({
    received: [[1], [2], [3]],
    faults: [{ from: 1 }, { from: 2 }, { from: 3 }],
  })
})
