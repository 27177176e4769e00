import { expect, test } from 'vitest'
import { nodeBeds } from '../../../src/engine/node-beds.ts'
import { nodeMeters } from '../../../src/experiment/run/node-meters.ts'
import { framedLauncher } from '../../support/engine/framed-launcher.ts'
import { placementOfOne } from '../../support/engine/placement-of-one.ts'

/** Agents on these nodes, the i-th of which, from 0, and what it started, used i + 1 CPU-seconds of the 10 that its node used. */
function usedNodes(names: readonly string[]) {
  const use = { busySeconds: 10, stealSeconds: 0.1, throttledSeconds: 0, swappedPages: 3 }
  return framedLauncher(
    names.map((name, i) => ({
      name,
      startChild: () => ({ pid: 1, send() {}, stop() {} }),
      meterNode: () => ({
        open() {},
        close() {},
        usage: () => ({ ...use, pressureSeconds: undefined, ownSeconds: i + 1 }),
      }),
    })),
  )
}

test('each node has its roles, and the CPU time that none of its agents accounts for; a lost one is left out', async () => {
  const beds = nodeBeds({
    launcher: usedNodes(['n0', 'n1', 'n0']),
    roles: { drivers: 2, backends: 1, target: 0 },
    maxSeconds: 60,
    signal: new AbortController().signal,
  })
  const { bed } = await beds.lease(placementOfOne)
  const meters = nodeMeters({
    elsewhere: { driver: bed.drivers, backends: bed.backends, target: [] },
  })
  meters.open()
  meters.close()
  const use = { cpus: 2, stealSeconds: 0.1, throttledSeconds: 0, swappedPages: 3 }
  expect(await meters.uses()).toEqual([
    { name: 'n0', roles: ['driver', 'backends'], foreignSeconds: 10 - 1 - 3, ...use },
    { name: 'n1', roles: ['driver'], foreignSeconds: 10 - 2, ...use },
  ])
  meters.open()
  await beds[Symbol.asyncDispose]()
  expect(await meters.uses()).toEqual([])
})
