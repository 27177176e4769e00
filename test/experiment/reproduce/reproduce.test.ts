import { describe, expect, test } from 'vitest'
import { checkArms, reproduce } from '../../../src/experiment/reproduce/reproduce.ts'
import { reproductionPlan } from '../../../src/plan/reproduction-plan.ts'
import type { ReproducedTable } from '../../../src/result/reproduction.ts'
import { type DocumentedOptions, makeDocumented } from '../../support/results/documented-tables.ts'
import { measuredResult, type SyntheticOptions } from '../../support/results/measured-result.ts'

function reproduced(told: DocumentedOptions, making: SyntheticOptions): ReproducedTable {
  const [table] = all(told, making)
  return table as ReproducedTable
}

function all(told: DocumentedOptions, making: SyntheticOptions): readonly ReproducedTable[] {
  const document = makeDocumented(told)
  const plan = reproductionPlan({ documented: document, overrides: {}, seed: 1, control: 'direct' })
  return reproduce(document, measuredResult(plan, making)).tables
}

const algorithms = {
  arms: { A: ['round-robin', 8, 1], B: ['least-connections', 8, 1] },
  tables: { Speed: ['throughput', { A: '15,000 req/s', B: '13,500 req/s' }] },
} as const satisfies DocumentedOptions
const [a, b] = ['round-robin ×1', 'least-connections ×1']
const fast = { throughput: 6_000 }

describe('two algorithms of which the second is documented 10 % slower', () => {
  test.for([
    [5_400, 'agrees', 'agrees'],
    [6_000, 'differs', 'differs'],
    [3_000, 'differs', 'agrees'],
    [6_600, 'differs', 'differs'],
  ] as const)('at 6,000 and %d req/s: the ratio %s and the order %s', ([rate, ratio, order]) => {
    const table = reproduced(algorithms, { behaviours: { [a]: fast, [b]: { throughput: rate } } })
    expect(table.rows[0]?.trend).toBeUndefined()
    expect(table.rows[1]?.trend).toMatchObject({ outcome: ratio, base: 'A', documented: 0.9 })
    expect(table.order).toMatchObject({
      outcome: order,
      documented: [{ row: 'A', next: '>' }, { row: 'B' }],
    })
  })

  test('absolute figures are shown side by side, and the interval contains the measured rate', () => {
    const { rows } = reproduced(algorithms, {
      behaviours: { [a]: fast, [b]: { throughput: 5_400 } },
    })
    expect(rows[0]).toMatchObject({ documented: { value: 15_000 }, documentedCores: 8, cores: 1 })
    expect(rows[0]?.measured?.low).toBeLessThan(6_000)
    expect(rows[0]?.measured?.high).toBeGreaterThan(6_000)
  })

  test('noise larger than the difference is inconclusive', () => {
    const { rows, order } = reproduced(algorithms, {
      behaviours: { [a]: fast, [b]: { throughput: 5_700 } },
      noise: 0.4,
    })
    expect(rows[1]?.trend?.outcome).toBe('inconclusive')
    expect(order).toMatchObject({
      outcome: 'inconclusive',
      pairs: [{ more: 'A', less: 'B', reason: { code: 'indistinguishable' } }],
    })
  })

  test('a throughput whose bottleneck was the driver is not judged', () => {
    const { rows, order } = reproduced(algorithms, {
      behaviours: { [a]: fast, [b]: { throughput: 5_400, bottleneck: 'driver' } },
    })
    expect(rows[1]).toMatchObject({
      isLowerBound: true,
      trend: {
        outcome: 'not judged',
        reason: { code: 'other-bottleneck', values: { row: 'B', bottleneck: 'driver' } },
      },
    })
    expect(order?.outcome).toBe('not judged')
  })

  test('a row without a valid trial or without a measurement is not judged', () => {
    const invalid = reproduced(algorithms, {
      behaviours: { [a]: fast, [b]: { throughput: 5_400, valid: false } },
    })
    expect(invalid.rows[1]).toMatchObject({
      validity: 'invalid',
      trend: {
        outcome: 'not judged',
        reason: { code: 'no-valid-trial', values: { row: 'B' } },
      },
    })
    const missing = reproduced(algorithms, { behaviours: { [a]: fast } })
    expect(missing.rows[1]).toMatchObject({
      validity: 'not measured',
      trend: { outcome: 'not judged', reason: { code: 'not-measured', values: { row: 'B' } } },
    })
  })
})

test('memory is judged whatever the bottleneck', () => {
  const told = {
    ...algorithms,
    tables: { Memory: ['rssMean', { A: '40 MB', B: '44 MB' }] },
  } as const
  const { rows } = reproduced(told, {
    behaviours: {
      [a]: { throughput: 6_000, memory: 100e6, bottleneck: 'driver' },
      [b]: { throughput: 6_000, memory: 110e6, bottleneck: 'driver' },
    },
  })
  expect(rows[1]?.trend?.outcome).toBe('agrees')
})

describe('shares of CPU', () => {
  // 40 % and 45 % of 8 cores at 15,000 and 13,500 req/s: 213 and 267 µs a request, 1.25 times as much.
  const cpu = {
    ...algorithms,
    tables: { CPU: ['cpuUsed', { A: '40 %', B: '45 %' }], ...algorithms.tables },
  } as const
  const cost = (second: number) => ({
    behaviours: {
      [a]: { throughput: 6_000, cpu: 160e-6 },
      [b]: { throughput: 6_000, cpu: second },
    },
  })

  test('are judged by the CPU time of a request', () => {
    expect(reproduced(cpu, cost(200e-6)).rows[1]?.trend).toMatchObject({
      outcome: 'agrees',
      documented: 1.25,
    })
    expect(reproduced(cpu, cost(160e-6)).rows[1]?.trend?.outcome).toBe('differs')
  })

  test('are shown as a share of the measured cores', () => {
    const [row] = reproduced(cpu, cost(200e-6)).rows
    // 6,000 req/s at 160 µs are 0.96 of one core.
    expect((row?.measured?.center ?? 0) / (row?.divisor ?? 1)).toBeCloseTo(96, 0)
  })

  test('without a documented throughput are not judged, because at saturation all CPU is used', () => {
    const alone = { ...algorithms, tables: { CPU: cpu.tables.CPU } } as const
    expect(reproduced(alone, cost(200e-6)).rows[1]?.trend?.outcome).toBe('not judged')
  })
})

describe('a scaling figure', () => {
  const told = {
    arms: {
      four: ['round-robin', 4],
      one: ['round-robin', 1],
      two: ['round-robin', 2],
    },
    tables: {
      Scaling: ['throughput', { four: '14,500 req/s', one: '4,000 req/s', two: '7,800 req/s' }],
    },
  } as const satisfies DocumentedOptions
  const rates = (one: number, two: number, four: number) => ({
    'round-robin ×1': { throughput: one },
    'round-robin ×2': { throughput: two },
    'round-robin ×4': { throughput: four },
  })

  test('is judged by the efficiency of each step, from the fewest cores up', () => {
    const table = reproduced(told, { behaviours: rates(1_000, 1_950, 2_600), cpus: 8 })
    expect(table).toMatchObject({ kind: 'scaling' })
    expect(table.order).toBeUndefined()
    expect(table.rows.map(({ name }) => name)).toEqual(['one', 'two', 'four'])
    const [, two, four] = table.rows
    expect(two?.trend).toMatchObject({ outcome: 'agrees', base: 'one', documented: 0.975 })
    expect(four?.trend).toMatchObject({ outcome: 'differs', base: 'two' })
    // 2,600 of 1,950 on twice the cores; each trial is off by up to 0.2 %, so a ratio by up to 0.4 %.
    const efficiency = four?.trend?.measured?.center ?? 0
    expect(Math.abs(efficiency / (2_600 / 1_950 / 2) - 1)).toBeLessThan(0.004)
  })

  test('beyond the cores of the host is projected and not judged', () => {
    const { rows } = reproduced(told, { behaviours: rates(1_000, 1_950, 1_800), cpus: 2 })
    const [one, two, four] = rows
    expect(one?.projection).toBeUndefined()
    expect(two?.trend?.outcome).toBe('agrees')
    expect(four).toMatchObject({
      validity: 'oversubscribed',
      trend: {
        outcome: 'not judged',
        reason: { code: 'beyond-host', values: { cores: 4 } },
      },
    })
    expect(four?.trend?.measured).toBeUndefined()
    expect(four?.projection?.center).toBeGreaterThan(0)
  })

  test('is not judged where driver and backends share the CPUs of the target', () => {
    const behaviours = {
      ...rates(1_000, 1_400, 2_600),
      'round-robin ×2': { throughput: 1_400, shared: true },
    }
    const [, two] = reproduced(told, { behaviours, cpus: 8 }).rows
    expect(two?.trend).toMatchObject({
      outcome: 'not judged',
      reason: { code: 'cpus-shared', values: { row: 'two' } },
    })
    expect(two?.trend?.measured?.center).toBeCloseTo(0.7, 1)
  })
})

test('a stored result of other arms is refused by name', () => {
  const document = makeDocumented(algorithms)
  const plan = reproductionPlan({ documented: document, overrides: {}, seed: 1, control: 'direct' })
  const result = measuredResult(plan, { behaviours: { [a]: fast } })
  expect(() => checkArms(plan, result, 'r.json')).not.toThrow()
  const other = { ...result, plan: { ...plan, arms: plan.arms.slice(-1) } }
  expect(() => checkArms(plan, other, 'r.json')).toThrow(
    'r.json has no arm of these tables (round-robin ×1, least-connections ×1)',
  )
})
