import { expect, test } from 'vitest'
import { nodeBeds } from '../../../src/engine/node-beds.ts'
import { watchHosts } from '../../../src/experiment/load/watch-hosts.ts'
import { framedLauncher } from '../../support/engine/framed-launcher.ts'
import { placementOfOne } from '../../support/engine/placement-of-one.ts'
import { measurement } from '../../support/results/measurements.ts'

/** The costs of a driver that was runnable but waited for so many seconds. */
const driverCosts = (waited: number) =>
  measurement({ waited: { driver: waited } }).processes.filter(({ role }) => role === 'driver')

test('what disturbed a load on nodes is said with the name of the node', async () => {
  const beds = nodeBeds({
    launcher: framedLauncher([
      {
        name: 'n0',
        startChild: () => ({ pid: 1, send() {}, stop() {} }),
        meterNode: () => ({
          open() {},
          close() {},
          usage: () => ({
            ...{ busySeconds: 8, ownSeconds: 2, pressureSeconds: undefined },
            ...{ stealSeconds: 1, throttledSeconds: 0, swappedPages: 3 },
          }),
        }),
      },
    ]),
    roles: { drivers: 1, backends: 0, target: 0 },
    maxSeconds: 60,
    signal: new AbortController().signal,
  })
  const { bed } = await beds.lease(placementOfOne)
  const watch = watchHosts(
    { elsewhere: { driver: bed.drivers, backends: [], target: [] } },
    { isElsewhere: true },
  )
  watch.open()
  watch.close()
  const found = await watch.disturbances({
    ...{ seconds: 10, costs: driverCosts(2), cpuSets: { target: [], driver: [], backends: [] } },
  })
  expect(found).toEqual([
    { code: 'cpu-stolen', values: { node: 'n0', share: 1 / 10 / 2 } },
    { code: 'swapped', values: { node: 'n0', pages: 3 } },
    {
      code: 'run-queue-wait',
      values: { role: 'driver', node: 'n0', waitShare: 0.2, switches: 0, othersCpus: 0.7 },
    },
  ])
  await beds[Symbol.asyncDispose]()
})

test('a driver of this host that never waited for a CPU was not disturbed by other programs', async () => {
  const watch = watchHosts(
    { elsewhere: { driver: [], backends: [], target: [] } },
    { isElsewhere: false },
  )
  watch.open()
  watch.close()
  const found = await watch.disturbances({
    ...{ seconds: 10, costs: driverCosts(0), cpuSets: { target: [], driver: [0], backends: [] } },
  })
  expect(found.map(({ code }) => code)).not.toContain('run-queue-wait')
})
