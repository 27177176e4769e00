import { expect, test } from 'vitest'
import { expand, type Overrides } from '../../src/plan/expand.ts'
import { plan as planSchema } from '../../src/plan/plan.ts'
import type { Scenario } from '../../src/plan/scenario.ts'

const registry = {
  algorithms: [{ name: 'round-robin' }, { name: 'least-connections' }, { name: 'weighted' }],
  targets: [
    { name: 'reference', algorithms: ['round-robin', 'least-connections', 'weighted'] },
    { name: 'nginx', algorithms: ['round-robin', 'least-connections'] },
    { name: 'caddy', algorithms: ['round-robin'] },
    { name: 'direct', algorithms: [] },
    { name: 'command', algorithms: [], takesWorkers: true },
  ],
  control: 'direct',
}

const backend = {
  serviceTime: { kind: 'none' as const },
  responseBytes: 128,
  concurrency: 0,
  errorRate: 0,
}

const scenario: Scenario = {
  name: 'mine',
  question: 'Why?',
  algorithms: ['round-robin', 'weighted'],
  targets: ['reference'],
  cores: [1, 2],
  connections: 40,
  warmup: { least: 1, most: 2 },
  duration: 5,
  trials: 3,
  timeout: 10,
  phase: 'capacity',
  arrivals: 'poisson',
  control: false,
  request: { method: 'GET', path: '/', bodyBytes: 0 },
  backends: [
    { ...backend, weight: 5 },
    { ...backend, weight: 1 },
  ],
}

const plan = (overrides: Overrides = {}, seed = 1) =>
  expand({ scenario, overrides, registry, seed })
const names = (overrides: Overrides) => plan(overrides).arms.map(({ name }) => name)

test('the arms are algorithms × cores, with unique names', () => {
  expect(names({})).toEqual(['round-robin ×1', 'round-robin ×2', 'weighted ×1', 'weighted ×2'])
})

test('the names of arms contain targets other than the reference', () => {
  expect(
    names({ targets: ['reference', 'nginx'], algorithms: ['round-robin'], cores: [8] }),
  ).toEqual(['round-robin ×8', 'nginx round-robin ×8'])
})

test('"all" stands for the algorithms of each target; a target without algorithms is one arm', () => {
  expect(names({ targets: ['all'], algorithms: ['all'], cores: [1] })).toEqual([
    'round-robin ×1',
    'least-connections ×1',
    'weighted ×1',
    'nginx round-robin ×1',
    'nginx least-connections ×1',
    'caddy round-robin ×1',
    'direct',
    'command',
  ])
})

test('a command with workers is an arm for each number of them, and alone has the name of its target', () => {
  expect(names({ targets: ['command'], cores: [1, 2] })).toEqual(['command ×1', 'command ×2'])
  expect(names({ targets: ['command'], cores: [1] })).toEqual(['command'])
  expect(names({ targets: ['direct'], cores: [1, 2] })).toEqual(['direct'])
})

test('duplicates are measured once', () => {
  expect(names({ algorithms: ['weighted', 'weighted'], cores: [2, 2] })).toEqual(['weighted ×2'])
})

test('an algorithm that only some targets have is skipped in the others, with the reason', () => {
  const asked = { targets: ['reference', 'nginx', 'direct'], algorithms: ['weighted'], cores: [1] }
  expect(plan(asked)).toMatchObject({
    arms: [{ name: 'weighted ×1' }, { name: 'direct' }],
    skipped: [
      { target: 'nginx', algorithm: 'weighted', reason: { code: 'algorithm-missing', values: {} } },
    ],
  })
  expect(planSchema.parse(plan(asked))).toEqual(plan(asked))
  expect(plan({ ...asked, algorithms: ['all'] }).skipped).toBeUndefined()
  expect(plan(asked).trials.map(({ arm }) => arm)).not.toContain('nginx weighted ×1')
})

test('an algorithm that no target has is skipped if another can be measured', () => {
  const { arms, skipped } = plan({ targets: ['nginx'], algorithms: ['round-robin', 'weighted'] })
  expect(arms.map(({ name }) => name)).toEqual(expect.arrayContaining(['nginx round-robin ×1']))
  expect(skipped).toEqual([
    { target: 'nginx', algorithm: 'weighted', reason: { code: 'algorithm-missing', values: {} } },
  ])
})

test('algorithms that no target has are refused', () => {
  const asked = { targets: ['nginx', 'caddy'], algorithms: ['maglev', 'weighted'] }
  expect(() => plan(asked)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: 'none of nginx, caddy has the algorithms maglev, weighted',
      hint: expect.stringContaining('lb targets'),
    }),
  )
})

test('refuses an algorithm that a target does not have', () => {
  expect(() => plan({ targets: ['nginx'], algorithms: ['weighted'] })).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: 'target nginx does not have the algorithm weighted',
      hint: 'it has round-robin, least-connections',
    }),
  )
})

test('every block holds each arm once', () => {
  const { trials, arms } = plan({ trials: 20 })
  for (let block = 0; block < 20; block++) {
    const inBlock = trials.filter((trial) => trial.block === block).map(({ arm }) => arm)
    expect(inBlock.toSorted()).toEqual(arms.map(({ name }) => name).toSorted())
  }
  expect(trials.map(({ block }) => block)).toEqual(
    trials.map(({ block }) => block).toSorted((a, b) => a - b),
  )
})

test('the order within a block is random and depends on the seed', () => {
  const order = (seed: number) => plan({ trials: 20 }, seed).trials.map(({ arm }) => arm)
  expect(order(7)).toEqual(order(7))
  expect(order(7)).not.toEqual(order(8))
  // 20 blocks that all start with the same of four arms: 4 × 4⁻²⁰.
  const first = plan({ trials: 20 }).trials.filter((_, i) => i % 4 === 0)
  expect(new Set(first.map(({ arm }) => arm)).size).toBeGreaterThan(1)
})

test('the trials of a block share a seed; blocks do not', () => {
  const { trials } = plan({ trials: 20 })
  const seeds = new Map(trials.map(({ block, seed }) => [block, seed]))
  for (const { block, seed } of trials) expect(seed).toBe(seeds.get(block))
  expect(new Set(seeds.values()).size).toBe(20)
})

test('flags override the scenario', () => {
  expect(plan({ connections: 7, duration: 2, warmup: 3, trials: 1, backends: 3 })).toMatchObject({
    connections: 7,
    duration: 2,
    warmup: { least: 3, most: 6 },
    blocks: 1,
    backends: [{ weight: 5 }, { weight: 1 }, { weight: 5 }],
  })
})

test('the plan matches its schema', () => {
  expect(planSchema.parse(plan())).toEqual(plan())
})

test('the control is an additional arm, unless it was requested by name', () => {
  expect(names({ control: true, cores: [1] })).toEqual(['round-robin ×1', 'weighted ×1', 'direct'])
  expect(names({ control: true, targets: ['direct'] })).toEqual(['direct'])
  expect(plan({ control: true }).control).toBe('direct')
  expect(plan({ control: false }).control).toBeUndefined()
})

test('both phases have all blocks, one phase after the other', () => {
  const { trials, phases } = plan({ phase: 'both', trials: 2, cores: [1] })
  expect(phases).toEqual(['capacity', 'latency'])
  const walk = trials.map(({ phase, block }) => `${phase} ${block}`)
  const twice = (text: string) => [text, text]
  expect(walk).toEqual(['capacity 0', 'capacity 1', 'latency 0', 'latency 1'].flatMap(twice))
})

test('the latency phase without a rate needs one block of the capacity phase', () => {
  const phasesOf = (overrides: Overrides) => plan(overrides).trials.map(({ phase }) => phase)
  const one = { phase: 'latency', trials: 2, algorithms: ['weighted'], cores: [1] } as const
  expect(phasesOf(one)).toEqual(['capacity', 'latency', 'latency'])
  expect(phasesOf({ ...one, rate: 500 })).toEqual(['latency', 'latency'])
  expect(plan({ ...one, rate: 500 }).arrivals.rate).toBe(500)
})

test('a precision plans up to 40 blocks, and at least 8', () => {
  expect(plan({ precision: 0.02, maxTime: 600 })).toMatchObject({
    blocks: 40,
    stop: { precision: 0.02, maxSeconds: 600, least: 8 },
  })
  expect(plan({ precision: 0.02, trials: 5 }).stop?.least).toBe(5)
  expect(plan({}).stop).toBeUndefined()
})

test('blocks grow where flags add comparisons to a scenario that decides its own', () => {
  const blocksOf = (trials: number, overrides: Overrides) =>
    expand({ scenario: { ...scenario, cores: [1], trials }, overrides, registry, seed: 1 }).blocks
  const more: Overrides = { algorithms: ['all'], targets: ['reference', 'nginx', 'caddy'] }
  expect(blocksOf(6, {})).toBe(6)
  expect(blocksOf(6, more)).toBeGreaterThan(6)
  expect(blocksOf(6, { algorithms: ['weighted'] })).toBe(6)
  // A number that was given stands, and so few trials decide nothing in any case.
  expect(blocksOf(6, { ...more, trials: 6 })).toBe(6)
  expect(blocksOf(3, more)).toBe(3)
  expect(blocksOf(6, { cores: [1, 2, 4] })).toBe(6)
})

test('a precision with a single trial is refused', () => {
  expect(() => plan({ precision: 0.02, trials: 1 })).toThrow(
    expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('--trials 2') }),
  )
  expect(plan({ precision: 0.02, trials: 2 }).blocks).toBe(2)
})

test('numbers of processes come from flags, then from the scenario, and are absent otherwise', () => {
  expect(plan({ drivers: 3, backendProcesses: 2 })).toMatchObject({
    drivers: 3,
    backendProcesses: 2,
  })
  const fleet: Scenario = { ...scenario, drivers: 4 }
  expect(expand({ scenario: fleet, overrides: {}, registry, seed: 1 }).drivers).toBe(4)
  expect(expand({ scenario: fleet, overrides: { drivers: 2 }, registry, seed: 1 }).drivers).toBe(2)
  expect(plan({})).not.toHaveProperty('drivers')
})

test('more drivers than connections, and more processes of backends than backends, are refused', () => {
  expect(() => plan({ drivers: 4, connections: 3 })).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: '4 drivers cannot share 3 connections: each needs one',
      hint: 'use --drivers 3 or fewer, or more --connections',
    }),
  )
  expect(() => plan({ backendProcesses: 3, backends: 2 })).toThrow(
    expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('--backends') }),
  )
})

test('the maximum time of a scenario does not apply if flags change the duration', () => {
  const timed: Scenario = { ...scenario, maxTime: 60 }
  const stop = (overrides: Overrides) =>
    expand({ scenario: timed, overrides, registry, seed: 1 }).stop
  expect(stop({ connections: 3 })?.maxSeconds).toBe(60)
  expect(stop({ algorithms: ['all'] })).toBeUndefined()
  expect(stop({ trials: 9 })).toBeUndefined()
  expect(stop({ trials: 9, maxTime: 30 })?.maxSeconds).toBe(30)
})

test('a witness is in the plan, with its trials', () => {
  const { witness, trials } = plan({ witness: 'wrk', phase: 'both', rate: 100 })
  expect(witness).toBe('wrk')
  const own = trials.filter((one) => one.witness === 'wrk')
  expect(own).toHaveLength(4 * 3)
  expect(own.every(({ phase }) => phase === 'capacity')).toBe(true)
})

test.each([
  [{ phase: 'latency', rate: 100, witness: 'wrk' }, '--witness wrk would be ignored'],
  [{ phase: 'latency', witness: 'h2load' }, '--witness h2load would be ignored'],
  [{ driver: 'wrk', witness: 'wrk' }, '--witness wrk is the driver already'],
] as const)('%j is refused', (overrides, message) => {
  expect(() => plan(overrides)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
  )
})
