import { expect, test } from 'vitest'
import type { AgentOptions } from '../../src/engine/agent.ts'
import type { AgentProgram } from '../../src/engine/messages.ts'
import { type NodeBedsOptions, nodeBeds } from '../../src/engine/node-beds.ts'
import type { ChildEvents } from '../../src/engine/node-child.ts'
import { isNodeProcess } from '../../src/engine/node-process.ts'
import { framedLauncher } from '../support/engine/framed-launcher.ts'
import { placementOfOne } from '../support/engine/placement-of-one.ts'

/** Nodes that record which programs were started on them. */
function recordingNodes(names: readonly string[], meter?: AgentOptions['meter']) {
  const started: { node: string; program: AgentProgram; events: ChildEvents }[] = []
  const launcher = framedLauncher(
    names.map((name) => ({
      name,
      startChild(program, events) {
        started.push({ node: name, program, events })
        return {
          pid: started.length,
          send: ({ id, ask }) => events.message({ id, answer: ask }),
          stop: () => events.ended({ reason: 'ended with exit code 0', logTail: '' }),
        }
      },
      ...(meter && { meter }),
    })),
  )
  return {
    launcher,
    started,
    names: () => started.map(({ node, program }) => `${program} ${node}`),
  }
}

function bedsOn(launcher: NodeBedsOptions['launcher'], more: Partial<NodeBedsOptions> = {}) {
  return nodeBeds({
    ...{ launcher, roles: { drivers: 2, backends: 1, target: 1 }, maxSeconds: 60 },
    signal: new AbortController().signal,
    ...more,
  })
}

test('drivers, backends and target are started on their nodes, at addresses that the others reach', async () => {
  const { launcher, names } = recordingNodes(['n0', 'n1', 'n2', 'n3'])
  await using beds = bedsOn(launcher)
  expect(beds.isElsewhere).toBe(true)
  const { bed, keep } = await beds.lease(placementOfOne)
  expect(bed.drivers.map(({ name, host }) => [name, host])).toEqual([
    ['driver 1 of 2 on n0', 'n0'],
    ['driver 2 of 2 on n1', 'n1'],
  ])
  expect(bed.backends).toMatchObject([{ host: 'n2', address: '10.0.0.3' }])
  expect(bed.targetHost?.address).toBe('10.0.0.4')
  const target = await bed.targetHost?.start('the target reference')
  expect(target).toMatchObject({
    name: 'the target reference on n3',
    host: 'n3',
    address: '10.0.0.4',
  })
  await expect(target?.call('counts')).resolves.toBe('counts')
  expect(names()).toEqual(['driver n0', 'driver n1', 'backends n2', 'balancer n3'])
  expect(beds.nodes).toMatchObject([
    { name: 'n0', drivers: 1, cpus: 2 },
    { name: 'n1', drivers: 1 },
    { name: 'n2', drivers: 0, backends: true },
    { name: 'n3', drivers: 0, target: true },
  ])
  await beds.readClocks()
  for (const { clockRate = 0, clockRateBound = 1 } of beds.nodes) {
    expect(Math.abs(clockRate - 1)).toBeLessThanOrEqual(clockRateBound)
  }
  keep()
  await bed[Symbol.asyncDispose]()
  await beds.lease(placementOfOne)
  expect(names()).toHaveLength(4)
})

test('without a node for them no backends are started', async () => {
  const { launcher, names } = recordingNodes(['n0'])
  await using beds = bedsOn(launcher, { roles: { drivers: 1, backends: 0, target: 0 }, drivers: 2 })
  const { bed } = await beds.lease(placementOfOne)
  expect(bed.backends).toEqual([])
  expect(bed.targetHost).toBeUndefined()
  expect(names()).toEqual(['driver n0', 'driver n0'])
  expect(beds.nodes).toMatchObject([{ name: 'n0', drivers: 2 }])
})

test('a process that ended is named with its node, and is started again for the next trial', async () => {
  const { launcher, started, names } = recordingNodes(['n0', 'n1', 'n2', 'n3'])
  await using beds = bedsOn(launcher)
  const { bed, keep } = await beds.lease(placementOfOne)
  keep()
  started[2]?.events.ended({ reason: 'was ended by SIGKILL', logTail: '' })
  await expect(bed.backends[0]?.exited).resolves.toMatchObject({ reason: 'was ended by SIGKILL' })
  await expect(bed.backends[0]?.call('counts', null, { timeout: 1 })).rejects.toThrow(
    'process 1 of 1 of the backends on n2 was ended by SIGKILL',
  )
  expect(bed.alive).toBe(false)
  await bed[Symbol.asyncDispose]()
  const again = await beds.lease(placementOfOne)
  expect(again.bed.alive).toBe(true)
  expect(names().filter((name) => name === 'backends n2')).toHaveLength(2)
})

test('a process that serves two trials has the costs of each', async () => {
  let windows = 0
  const zero = {
    ...{ userSeconds: 0, systemSeconds: 0, busiestThreadSeconds: 0, waitedSeconds: 0 },
    ...{ busiestThreadWaitedSeconds: 0, voluntarySwitches: 0, involuntarySwitches: 0 },
    ...{ rssMeanBytes: 0, rssPeakBytes: 0, course: { at: [], cpuSeconds: [], rssBytes: [] } },
  }
  const { launcher } = recordingNodes(['n0'], () => {
    const userSeconds = ++windows
    return { open() {}, close() {}, usage: () => ({ ...zero, userSeconds }) }
  })
  await using beds = bedsOn(launcher, { roles: { drivers: 1, backends: 0, target: 0 } })
  const { bed } = await beds.lease(placementOfOne)
  const [driver] = bed.drivers.filter(isNodeProcess)
  const costs: unknown[] = []
  for (let trial = 0; trial < 2; trial++) {
    driver?.meter.open()
    driver?.meter.close()
    costs.push((await driver?.meter.costs())?.userSeconds)
  }
  expect(costs).toEqual([1, 2])
})
