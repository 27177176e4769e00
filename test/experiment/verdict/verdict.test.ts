import { describe, expect, test } from 'vitest'
import { reasonWords } from '../../../reports/sections/reasons.ts'
import type { CpuSets } from '../../../src/experiment/verdict/evidence.ts'
import { bottleneckOf, judge } from '../../../src/experiment/verdict/verdict.ts'
import type { Measurement, ProcessCost } from '../../../src/result/document.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'
import type { Seen } from '../../support/results/measurements.ts'
import { apart, backend, evidence } from '../evidence.ts'

/** A trial with a window of 10 s in which each role used so many CPU-seconds. */
function trial(cpu: Record<ProcessCost['role'], number>, cpuSets: CpuSets, foreignSeconds = 0) {
  const found = evidence({ cpu }, { cpuSets })
  const processes = found.measured.processes.map((cost) => ({
    ...cost,
    busiestThreadSeconds:
      cpu[cost.role] / (cost.role === 'target' ? Math.min(2, cpuSets.target.length) : 1),
    cpusGiven: Math.min(cpuSets[cost.role].length, cost.role === 'target' ? 2 : 1),
  }))
  const host = { ...found.measured.host, foreignSeconds }
  return { ...found, measured: { ...found.measured, windowSeconds: 10, processes, host } }
}

describe('with CPUs of their own', () => {
  test('the target is the limit when only it uses all that it has', () => {
    expect(bottleneckOf(trial({ target: 9.6, driver: 6, backends: 4 }, apart)).bottleneck).toBe(
      'target',
    )
  })

  test('a full driver is the limit even when the target is full too', () => {
    expect(bottleneckOf(trial({ target: 9.6, driver: 9.5, backends: 4 }, apart)).bottleneck).toBe(
      'driver',
    )
  })

  test('full backends are the limit', () => {
    expect(bottleneckOf(trial({ target: 5, driver: 5, backends: 9.4 }, apart)).bottleneck).toBe(
      'backends',
    )
  })

  test('nothing is the limit when none is full', () => {
    expect(bottleneckOf(trial({ target: 3, driver: 2, backends: 1 }, apart))).toEqual({
      bottleneck: 'none',
      reason: {
        code: 'no-bottleneck',
        values: { phase: 'capacity', target: 0.3, driver: 0.2, backends: 0.1 },
      },
    })
  })

  test('two CPUs for the target are only full when both are', () => {
    const two = { target: [0, 1], driver: [2], backends: [3] }
    expect(bottleneckOf(trial({ target: 10, driver: 2, backends: 2 }, two)).bottleneck).toBe('none')
    expect(bottleneckOf(trial({ target: 19, driver: 2, backends: 2 }, two)).bottleneck).toBe(
      'target',
    )
  })
})

test('a target with one full worker is the limit though the others idle, and it says so', () => {
  const two = trial({ target: 11, driver: 2, backends: 2 }, { ...apart, target: [0, 3] })
  const processes = two.measured.processes.map((cost) =>
    cost.role === 'target' ? { ...cost, busiestThreadSeconds: 9.7 } : cost,
  )
  expect(bottleneckOf({ ...two, measured: { ...two.measured, processes } })).toEqual({
    bottleneck: 'target',
    reason: {
      code: 'thread-saturated',
      values: { role: 'target', threadShare: 0.97, usedShare: 0.55, cpus: 2 },
    },
  })
})

test('a fleet is the limit as soon as one of its drivers fills its CPU', () => {
  const three = trial({ target: 5, driver: 20, backends: 3 }, { ...apart, driver: [1, 3, 4] })
  const processes = (busiest: number) =>
    three.measured.processes.map((cost) =>
      cost.role === 'driver' ? { ...cost, cpusGiven: 3, busiestThreadSeconds: busiest } : cost,
    )
  const limitWith = (busiest: number) =>
    bottleneckOf({ ...three, measured: { ...three.measured, processes: processes(busiest) } })
  expect(limitWith(7).bottleneck).toBe('none')
  expect(limitWith(9.5)).toMatchObject({
    bottleneck: 'driver',
    reason: { code: 'thread-saturated', values: { role: 'driver', cpus: 3 } },
  })
})

test('a driver of a fleet that was stalled is named', () => {
  const counts = { ok: 300, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }
  const drivers = [0.1, 0.6, 0.1].map((stalled, i) => ({
    ...{ number: i + 1, window: counts, total: counts, stalled },
  }))
  const found = bottleneckOf(
    evidence({ cpu: { target: 0.3, driver: 0.3 }, also: { drivers, driverStalled: 0.6 } }),
  )
  expect(found).toMatchObject({
    bottleneck: 'driver',
    reason: { code: 'driver-stalled', values: { number: 2, of: 3, stalledShare: 0.6 } },
  })
  expect(reasonWords(found.reason)).toMatch(/^driver 2 of 3 was stalled for 60 % of the window/)
})

test('in an open loop the busiest driver of a fleet decides whether their queues are part of the latency', () => {
  const counts = { ok: 300, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }
  const limitWith = (busiest: number) => {
    const drivers = [0.2, busiest, 0.2].map((cpuSeconds, i) => ({
      ...{ number: i + 1, window: counts, total: counts, cpuSeconds },
    }))
    return bottleneckOf(
      evidence({ phase: 'latency', cpu: { target: 0.3, driver: 0.4 }, also: { drivers } }),
    )
  }
  expect(limitWith(0.3).bottleneck).toBe('none')
  expect(limitWith(0.8)).toMatchObject({
    bottleneck: 'driver',
    reason: { code: 'driver-busy', values: { usedShare: 0.8 } },
  })
})

test('a driver that spins uses its CPU up, and is busy only as long as it works', () => {
  const limitWith = (driverBusy: number) =>
    bottleneckOf(
      evidence({
        ...{ phase: 'latency', cpu: { target: 0.3, driver: 1 } },
        also: { pacing: 'spin', driverBusy },
      }),
    )
  expect(limitWith(0.3).bottleneck).toBe('none')
  expect(limitWith(0.8)).toMatchObject({ bottleneck: 'driver', reason: { code: 'driver-busy' } })
})

describe('with shared CPUs', () => {
  test('driver and backends that fill the CPU they share limit together, and the larger is named', () => {
    const shared = { target: [0], driver: [1], backends: [1] }
    expect(bottleneckOf(trial({ target: 8, driver: 6, backends: 3.8 }, shared))).toEqual({
      bottleneck: 'driver',
      reason: {
        code: 'shared-cpus-saturated',
        values: {
          roles: ['driver', 'backends'],
          largest: 'driver',
          usedShare: expect.closeTo(0.98, 6),
          cpus: 1,
        },
      },
    })
  })

  test('the host is the limit when the target shares CPUs that are used up', () => {
    const all = { target: [0, 1], driver: [0, 1], backends: [0, 1] }
    expect(bottleneckOf(trial({ target: 9, driver: 6, backends: 4.5 }, all)).bottleneck).toBe(
      'host',
    )
  })
})

test('the host is the limit when other programs take what the trial needs', () => {
  expect(bottleneckOf(trial({ target: 5, driver: 8, backends: 4 }, apart, 11))).toEqual({
    bottleneck: 'host',
    reason: {
      code: 'other-programs',
      values: { usedShare: expect.closeTo(11 / 30, 6), cpus: 3 },
    },
  })
})

describe('a process that other programs keep from its CPU', () => {
  const others = (foreignSeconds: number) => ({
    host: { stealSeconds: 0, foreignSeconds, throttledSeconds: 0, swappedPages: 0 },
  })
  const contended = (role: ProcessCost['role'], also = others(0.5)): string =>
    bottleneckOf(evidence({ cpu: { [role]: 0.5 }, waited: { [role]: 0.45 }, also })).bottleneck

  test('limits, where it ran or stood ready all the time; a target by the fault of the host', () => {
    expect(contended('backends')).toBe('backends')
    expect(contended('target')).toBe('host')
  })

  test('is not contended where there are no others', () => {
    expect(contended('target', others(0))).toBe('none')
  })

  test('is saturated without others where it used nearly all of its CPU and always had work', () => {
    const beside = (used: number, waited: number, also: Partial<Measurement> = others(0)) =>
      bottleneckOf(evidence({ cpu: { target: used }, waited: { target: waited }, also }))
    const found = beside(0.84, 0.12)
    expect(found).toEqual({
      bottleneck: 'target',
      reason: {
        code: 'thread-always-runnable',
        values: { role: 'target', usedShare: 0.84, ranShare: 0.84, waitShare: 0.12 },
      },
    })
    expect(reasonWords(found.reason)).toBe(
      'target used 84 % of its CPU time; its busiest thread ran for 84 % of the window and waited for a CPU 12 % of it',
    )
    // It paused; it used little, so that something unknown kept it from its CPU; other programs did.
    expect(beside(0.84, 0.04).bottleneck).toBe('none')
    expect(beside(0.78, 0.2).bottleneck).toBe('none')
    expect(beside(0.84, 0.12, others(0.06)).bottleneck).toBe('host')
  })

  test('is not saturated where its CPU is shared, or where it is a driver that spins', () => {
    const shared = evidence({ cpu: { target: 0.84 }, waited: { target: 0.15 } })
    const processes = shared.measured.processes.map((cost) => ({ ...cost, sharedCpus: true }))
    const measured = { ...shared.measured, processes }
    expect(bottleneckOf({ ...shared, measured }).bottleneck).toBe('none')
    const spins = { pacing: 'spin', driverBusy: 0.3 } as const
    const spinning = { cpu: { driver: 0.85 }, waited: { driver: 0.1 }, also: spins }
    expect(bottleneckOf(evidence({ phase: 'latency', ...spinning })).bottleneck).toBe('none')
  })

  test("is the host's doing where nobody was full, and one waited for a quarter of the window", () => {
    const waiting = (seconds: number, also = others(0.5)) =>
      bottleneckOf(
        evidence({ cpu: { target: 0.3, driver: 0.2 }, waited: { driver: seconds }, also }),
      )
    expect(waiting(0.26).bottleneck).toBe('host')
    expect(waiting(0.26).reason).toEqual({
      code: 'waited-for-cpu',
      values: { role: 'driver', waitShare: 0.26, othersCpus: 0.5 },
    })
    expect(waiting(0.24).bottleneck).toBe('none')
    expect(waiting(0.26, others(0.2)).bottleneck).toBe('none')
  })

  test('a driver that always had work limits, however little of its CPU it used', () => {
    const seen: Seen = { cpu: { driver: 0.45 }, also: { driverBusy: 0.97 } }
    expect(bottleneckOf(evidence(seen))).toEqual({
      bottleneck: 'driver',
      reason: {
        code: 'driver-preempted',
        values: { busyShare: 0.97, ranShare: 0.45, switches: 0 },
      },
    })
    expect(bottleneckOf(evidence({ ...seen, also: { driverBusy: 0.6 } })).bottleneck).toBe('none')
  })

  test('a driver that stood still for a quarter of the window limits', () => {
    const still = (driverStalled: number) => bottleneckOf(evidence({ also: { driverStalled } }))
    expect(still(0.26).bottleneck).toBe('driver')
    expect(still(0.26).reason).toEqual({
      code: 'driver-stalled',
      values: { stalledShare: 0.26, ranShare: 0.5, switches: 0 },
    })
    expect(still(0.24).bottleneck).toBe('none')
  })

  test('a target that is full is the limit beside a driver that is not kept from anything', () => {
    const seen: Seen = { cpu: { target: 0.97, driver: 0.5 }, also: { driverBusy: 0.6 } }
    expect(bottleneckOf(evidence(seen)).bottleneck).toBe('target')
  })
})

describe('backends that take their time', () => {
  const slow = (seconds: number, concurrency = 0) =>
    backend({ serviceTime: { kind: 'fixed', seconds }, concurrency })

  test('limit where most of each request is theirs', () => {
    // Every request took 1 ms.
    const by = (seconds: number) =>
      bottleneckOf(evidence({}, { backends: [slow(seconds), slow(seconds)] })).bottleneck
    expect(by(0.0006)).toBe('backends')
    expect(by(0.0004)).toBe('none')
  })

  test('limit where one of them is full, and it is named', () => {
    // 1,000 requests a second, half to each: the second can do 2 at once in 4 ms each, 500 a second.
    const full = evidence({ also: { meanSeconds: 1 } }, { backends: [backend(), slow(0.004, 2)] })
    expect(bottleneckOf(full)).toEqual({
      bottleneck: 'backends',
      reason: { code: 'backend-at-capacity', values: { backend: 2, rate: 500, maxRate: 500 } },
    })
    const roomy = evidence({ also: { meanSeconds: 1 } }, { backends: [backend(), slow(0.004, 3)] })
    expect(bottleneckOf(roomy).bottleneck).toBe('none')
  })

  test.for([
    [{ kind: 'exponential', mean: 0.0006 }, 'backends'],
    [{ kind: 'exponential', mean: 0.0004 }, 'none'],
    // The mean of a lognormal of median 0.4 ms is 0.4 · exp(1/2) = 0.66 ms.
    [{ kind: 'lognormal', median: 0.0004, sigma: 1 }, 'backends'],
  ] as const)('by the mean of what they were told: %j', ([serviceTime, by]) => {
    const backends = [backend({ serviceTime }), backend({ serviceTime })]
    expect(bottleneckOf(evidence({}, { backends })).bottleneck).toBe(by)
  })

  test('do not hide a target that uses all that it has', () => {
    const seen = { cpu: { target: 0.98 } }
    expect(bottleneckOf(evidence(seen, { backends: [slow(1), slow(1)] })).bottleneck).toBe('target')
  })

  test('limit though the driver stood still at times, unless it did for as long as they took', () => {
    const beside = (driverStalled: number) =>
      bottleneckOf(
        evidence({ also: { driverStalled } }, { backends: [slow(0.0009), slow(0.0009)] }),
      )
    expect(beside(0.45).bottleneck).toBe('backends')
    expect(beside(0.55).bottleneck).toBe('driver')
    expect(
      bottleneckOf(evidence({ also: { driverBusy: 0.95 } }, { backends: [slow(0.0009)] }))
        .bottleneck,
    ).toBe('driver')
  })

  test('are no limit at a rate that was given, nor where they are not ours', () => {
    const backends = [slow(0.0009), slow(0.0009)]
    expect(bottleneckOf(evidence({ phase: 'latency' }, { backends })).bottleneck).toBe('none')
    expect(bottleneckOf(evidence({ also: { perBackend: [] } }, { backends })).bottleneck).toBe(
      'none',
    )
  })
})

describe('the driver in open loop', () => {
  /** So many requests late by 10 ms, of a hundred. */
  const late = (percent: number): Partial<Measurement> => {
    const lateness = histogram()
    for (let i = 0; i < 100; i++) lateness.record(i < percent ? 10_000 : 1)
    return { lateness: lateness.encode() }
  }
  const open = (seen: Seen) => judge(evidence({ phase: 'latency', ...seen }))

  test('is the limit where it is late by habit, and the trial does not count', () => {
    const { bottleneck, valid, reason } = open({ also: late(60) })
    expect({ bottleneck, valid }).toEqual({ bottleneck: 'driver', valid: false })
    expect(reason).toEqual({
      code: 'driver-late',
      values: { p50Seconds: expect.closeTo(0.01, 4), allowedSeconds: 0.0002 },
    })
  })

  test('is not where it is late now and then, which is said', () => {
    const { bottleneck, valid, reasons } = open({ also: late(5) })
    expect({ bottleneck, valid }).toEqual({ bottleneck: 'none', valid: true })
    expect(reasons).toEqual([
      {
        code: 'driver-late-at-tail',
        values: { p99Seconds: expect.closeTo(0.01, 4), allowedSeconds: 0.0002 },
      },
    ])
    expect(open({ also: late(0) }).reasons).toEqual([])
  })

  test('is named from 70 % of its CPU on, and in closed loop only where it has nothing left', () => {
    expect(open({ cpu: { driver: 0.72 } })).toMatchObject({ bottleneck: 'driver', valid: true })
    expect(open({ cpu: { driver: 0.69 } }).bottleneck).toBe('none')
    expect(bottleneckOf(evidence({ cpu: { driver: 0.72 } })).bottleneck).toBe('none')
  })

  test('a rate below what all can do is no riddle', () => {
    expect(open({}).reason).toMatchObject({
      code: 'no-bottleneck',
      values: { phase: 'latency' },
    })
  })
})
