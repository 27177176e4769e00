import { describe, expect, test } from 'vitest'
import { dropReasons } from '../../../src/driver/driver.ts'
import { judge } from '../../../src/experiment/verdict/verdict.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { courseOf } from '../../support/results/fault-result.ts'
import type { Seen } from '../../support/results/measurements.ts'
import { evidence } from '../evidence.ts'

type Differs = Parameters<typeof evidence>[1]

/** Whether a trial is valid, and the codes of the checks that it did not pass. */
function checked(seen: Seen = {}, differs: Differs = {}) {
  const { valid, reasons } = judge(evidence(seen, differs))
  return { valid, codes: reasons.map(({ code }) => code), reasons }
}
const also = (differs: Partial<Measurement>, seen: Seen = {}) => checked({ ...seen, also: differs })
const quiet = { stealSeconds: 0, foreignSeconds: 0, throttledSeconds: 0, swappedPages: 0 }

const passed = { valid: true, codes: [], reasons: [] }

test('a trial that all laws hold for has no reasons', () => {
  expect(checked()).toEqual(passed)
  expect(checked({ phase: 'latency', also: { planned: 1000 } })).toEqual(passed)
})

describe('a fleet of drivers', () => {
  const lost = [{ number: 2, of: 3, detail: 'driver 2 of 3 was ended by SIGKILL' }]

  test('without one of its drivers a trial is invalid, for that reason alone', () => {
    // A third of the requests is missing, so that no other check can hold.
    const { valid, reasons } = checked({ ok: 600 }, { fleet: { lost, differing: [] } })
    expect(valid).toBe(false)
    expect(reasons).toEqual([{ code: 'driver-lost', values: lost[0] }])
  })

  test('a driver that measured other latencies is named, and the trial stays valid', () => {
    const one = { number: 3, of: 3, p50Seconds: 0.004, othersP50Seconds: 0.002, distance: 0.6 }
    const { valid, reasons } = checked({}, { fleet: { lost: [], differing: [one] } })
    expect({ valid, reasons }).toEqual({
      valid: true,
      reasons: [{ code: 'driver-differs', values: one }],
    })
  })
})

describe('answers', () => {
  test('none at all spoil a trial', () => {
    const { valid, reasons } = checked({ ok: 0, failed: { errors: 7 } })
    expect(valid).toBe(false)
    expect(reasons).toContainEqual({ code: 'no-success', values: { requests: 7 } })
  })

  test('failures are told by kind', () => {
    const failed = { non2xx: 1, errors: 2, timeouts: 3, dropped: 4 }
    const { reasons } = checked({ ok: 990, failed }, { connections: 1 })
    expect(reasons).toContainEqual({
      code: 'requests-failed',
      values: { ...failed, failed: 10, requests: 1000 },
    })
  })
})

describe('conservation', () => {
  // The driver saw 2,000 answers on 10 connections; each request then took 10 ms.
  const counted = (differs: Partial<Measurement>, seen: Seen = {}) =>
    checked({ ...seen, also: { meanSeconds: 0.01, ...differs } }, { connections: 10 })

  test('holds while no more differ than there are connections', () => {
    expect(counted({ targetRequests: 2010, perBackend: [1010, 1000] }).valid).toBe(true)
  })

  test.for([
    ['the target counted fewer', { targetRequests: 1989 }],
    ['the target counted more', { targetRequests: 2011 }],
    ['the backends counted more', { perBackend: [1011, 1000] }],
    ['the backends counted fewer', { perBackend: [989, 1000] }],
  ] as const)('breaks where %s', ([, differs]) => {
    const { valid, codes } = counted(differs as Partial<Measurement>)
    expect(valid).toBe(false)
    expect(codes).toContain('requests-not-conserved')
  })

  test('leaves room for what failed: it may have been counted at one end only', () => {
    const total = { ok: 2000, non2xx: 0, errors: 5, timeouts: 0, dropped: 0 }
    expect(counted({ total, perBackend: [1015, 1000] }).valid).toBe(true)
  })

  test('is reported with what each counted', () => {
    expect(counted({ targetRequests: 1989 }).reasons).toEqual([
      {
        code: 'requests-not-conserved',
        values: { driver: 2000, target: 1989, backends: 2000, allowed: 10 },
      },
    ])
  })

  test('asks nobody where the backends are not ours', () => {
    expect(counted({ perBackend: [] })).toEqual(passed)
  })
})

describe("Little's law", () => {
  test('breaks in closed loop where requests are missing from the mean', () => {
    // 1,000 a second of 1 ms each keep one connection busy, not two.
    const { valid, reasons } = checked({}, { connections: 2 })
    expect(valid).toBe(false)
    expect(reasons).toEqual([{ code: 'littles-law', values: { ratio: expect.closeTo(0.5, 6) } }])
  })

  test('is not asked of an open loop, where nobody keeps the number in flight', () => {
    expect(checked({ phase: 'latency' }, { connections: 2 }).valid).toBe(true)
  })
})

describe('an open loop', () => {
  const open = (differs: Partial<Measurement>) =>
    also({ planned: 1000, ...differs }, { phase: 'latency' })

  test('is spoilt by arrivals that the driver came too late for', () => {
    const late = (n: number) => open({ errorKinds: { [dropReasons.driverLate]: n } })
    expect(late(5)).toEqual(passed)
    expect(late(6)).toMatchObject({
      valid: false,
      reasons: [{ code: 'driver-saturated', values: { sentShare: 0.994 } }],
    })
  })

  test('tells of a target that falls behind, and counts all the same', () => {
    const inFlight = { opened: 2, closed: 100 }
    const { valid, reasons } = open({ inFlight })
    expect(valid).toBe(true)
    expect(reasons).toEqual([{ code: 'queue-grew', values: { arrived: 1000, ended: 902 } }])
    // 3·√(20 + 32) = 21.6: it is chance where 12 more are in flight.
    expect(open({ inFlight: { opened: 20, closed: 32 } })).toEqual(passed)
  })
})

test('throughput that had not settled is said', () => {
  expect(also({ steady: false })).toMatchObject({
    valid: true,
    codes: ['throughput-unsteady'],
  })
})

test('a target that left next to nothing of the CPUs it shares with driver and backends spoils a trial', () => {
  const all = [0, 1]
  const using = (target: number, sharedCpus = true) => {
    const differs = { cpuSets: { target: all, driver: all, backends: all } }
    const { measured } = evidence({ cpu: { target, driver: 0.02, backends: 0.01 } }, differs)
    const processes = measured.processes.map((cost) => ({ ...cost, sharedCpus }))
    return checked({ also: { processes } }, differs)
  }
  expect(using(1.79)).toEqual(passed)
  expect(using(1.85)).toMatchObject({
    valid: false,
    reasons: [{ code: 'target-starved-others', values: { cpusUsed: 1.85, cpus: 2 } }],
  })
  expect(using(1.85, false).valid).toBe(true)
})

describe('the host', () => {
  const host = (differs: Partial<Measurement['host']>) => also({ host: { ...quiet, ...differs } })

  // Three CPUs for one second.
  test.for([
    [0.02, true, undefined],
    [0.04, true, 0.0133],
    [0.16, false, 0.0533],
  ] as const)('%d s stolen: valid %s', ([stealSeconds, valid, share]) => {
    const found = host({ stealSeconds })
    expect(found.valid).toBe(valid)
    expect(found.reasons).toEqual(
      share === undefined
        ? []
        : [{ code: 'cpu-stolen', values: { share: expect.closeTo(share, 4) } }],
    )
  })

  test('a quota that stopped us spoils a trial, and so does swapping', () => {
    expect(host({ throttledSeconds: 0.009 }).valid).toBe(true)
    expect(host({ throttledSeconds: 0.02 })).toMatchObject({
      valid: false,
      reasons: [{ code: 'throttled', values: { seconds: 0.02 } }],
    })
    expect(host({ swappedPages: 1 })).toMatchObject({
      valid: false,
      reasons: [{ code: 'swapped', values: { pages: 1 } }],
    })
  })

  test('that kept a process waiting is said, with how often it was switched out', () => {
    const waiting = (differs: Partial<Measurement['host']>, waited: number) =>
      checked({ waited: { target: waited }, also: { host: { ...quiet, ...differs } } }).reasons
    expect(waiting({ foreignSeconds: 0.3 }, 0.2)).toEqual([
      {
        code: 'run-queue-wait',
        values: { role: 'target', waitShare: 0.2, switches: 0, othersCpus: 0.3 },
      },
    ])
    expect(waiting({ foreignSeconds: 0.3 }, 0.05)).toEqual([])
    expect(waiting({}, 0.2)).toEqual([])
  })

  test('has its part in the tail where its own timerJitter are a tenth of that, on the worst CPUs', () => {
    // The p99 is 1 ms.
    const on = (cpus: number[], p999: number) => ({
      ...{ cpus, count: 1000, p50: 0, p99: 0, p999, max: p999, cpuSeconds: 0.01 },
    })
    expect(host({ timerJitter: [on([0], 0.00001), on([1], 0.0001)] })).toEqual(passed)
    expect(host({ timerJitter: [on([0], 0.0002), on([1, 2], 0.0003)] })).toMatchObject({
      valid: true,
      reasons: [
        {
          code: 'timer-jitter',
          values: {
            cpus: [1, 2],
            p999Seconds: 0.0003,
            allowedSeconds: expect.closeTo(0.0001, 6),
          },
        },
      ],
    })
  })
})

test('a trial on nodes is judged by the CPUs of these, and not by those of this host', () => {
  const { measured } = evidence()
  const onNodes = (driverSeconds: number) => ({
    ...measured,
    processes: measured.processes.map((cost) =>
      cost.role === 'driver'
        ? { ...cost, cpusGiven: 3, userSeconds: driverSeconds, sharedCpus: true }
        : cost,
    ),
  })
  const judged = (driverSeconds: number) =>
    judge({
      ...evidence({}, { cpuSets: { target: [], driver: [], backends: [] } }),
      measured: onNodes(driverSeconds),
    })
  expect(judged(2.2)).toMatchObject({ valid: true, reasons: [], bottleneck: 'none' })
  expect(judged(3.5).reasons).toContainEqual({
    code: 'cpu-accounting',
    values: { role: 'driver', usedSeconds: 3.75, availableSeconds: 3 },
  })
})

test('a node that was disturbed is named', () => {
  const node = (name: string, differs: Partial<Measurement['host']>) => ({
    ...{ name, roles: ['driver' as const], cpus: 2, ...quiet, ...differs },
  })
  const onNodes = (...nodes: NonNullable<Measurement['nodes']>) =>
    checked(
      { waited: { driver: 0.2, target: 0.2 }, also: { nodes } },
      { cpuSets: { target: [], driver: [], backends: [] } },
    )
  // Two CPUs for one second each.
  expect(onNodes(node('n0', { stealSeconds: 0.09 }), node('n1', { foreignSeconds: 0.3 }))).toEqual({
    valid: true,
    codes: ['run-queue-wait', 'cpu-stolen'],
    reasons: [
      {
        code: 'run-queue-wait',
        values: { role: 'driver', node: 'n1', waitShare: 0.2, switches: 0, othersCpus: 0.3 },
      },
      { code: 'cpu-stolen', values: { node: 'n0', share: expect.closeTo(0.045, 6) } },
    ],
  })
  expect(onNodes(node('n0', { throttledSeconds: 0.02, swappedPages: 1 }))).toMatchObject({
    valid: false,
    reasons: [
      { code: 'throttled', values: { node: 'n0', seconds: 0.02 } },
      { code: 'swapped', values: { node: 'n0', pages: 1 } },
    ],
  })
})

test('more CPU than there was is a fault of the meter', () => {
  const used = (target: number) => checked({ cpu: { target } })
  expect(used(1.1).valid).toBe(true)
  expect(used(1.2)).toMatchObject({
    valid: false,
    reasons: expect.arrayContaining([
      {
        code: 'cpu-accounting',
        values: { role: 'target', usedSeconds: 1.2, availableSeconds: 1 },
      },
    ]),
  })
})

describe('under faults', () => {
  const faults = (differs: Partial<Measurement>) =>
    checked(
      { also: { meanSeconds: 0.01, faultTimeline: courseOf({ failing: 0, out: 0 }), ...differs } },
      { connections: 10 },
    )

  test('backends may receive more than is answered, since it is tried again', () => {
    expect(faults({ perBackend: [1200, 1000], targetRequests: 2010 }).valid).toBe(true)
  })

  test.for<[string, Partial<Measurement>]>([
    ['backends that received fewer', { perBackend: [900, 1000] }],
    ['a target that counted otherwise', { perBackend: [1200, 1000], targetRequests: 2011 }],
  ])('%s still break conservation', ([, differs]) => {
    const { valid, codes } = faults(differs)
    expect(valid).toBe(false)
    expect(codes).toContain('requests-not-conserved')
  })

  test('throughput need be steady only up to the first fault', () => {
    const bins = Array.from({ length: 210 }, (_, i) => (i < 41 ? 100 : 60 + (i % 9)))
    const trial = { bins, steady: false, windowSeconds: 20, warmupSeconds: 1 }
    expect(also({ ...trial, meanSeconds: 0.2 }).codes).toContain('throughput-unsteady')
    const course = courseOf({ failing: 0, out: 0 })
    expect(also({ ...trial, meanSeconds: 0.2, faultTimeline: course }).codes).not.toContain(
      'throughput-unsteady',
    )
  })
})
