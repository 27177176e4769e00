import { describe, expect, test } from 'vitest'
import { judge } from '../../../src/experiment/verdict/verdict.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { evidence } from '../../support/evidence.ts'
import { courseOf } from '../../support/faulty-result.ts'
import type { Seen } from '../../support/measurements.ts'

type Differs = Parameters<typeof evidence>[1]

/** Whether a trial counts, and what is said of it. */
function checked(seen: Seen = {}, differs: Differs = {}) {
  const { valid, reasons } = judge(evidence(seen, differs))
  return { valid, said: reasons.join(' ') }
}
const also = (differs: Partial<Measurement>, seen: Seen = {}) => checked({ ...seen, also: differs })
const quiet = { stealSeconds: 0, foreignSeconds: 0, throttledSeconds: 0, swappedPages: 0 }

test('a trial that all laws hold for has no reasons', () => {
  expect(checked()).toEqual({ valid: true, said: '' })
  expect(checked({ phase: 'latency', also: { planned: 1000 } })).toEqual({ valid: true, said: '' })
})

describe('answers', () => {
  test('none at all spoil a trial', () => {
    expect(checked({ ok: 0, failed: { errors: 7 } })).toMatchObject({
      valid: false,
      said: expect.stringContaining('no request was answered with success in the window (of 7)'),
    })
  })

  test('failures are told by kind', () => {
    const failed = { non2xx: 1, errors: 2, timeouts: 3, dropped: 4 }
    const { said } = checked({ ok: 990, failed }, { connections: 1 })
    expect(said).toContain(
      '10 of 1000 requests failed (2 errors, 3 time-outs, 1 answers that are not 2xx, 4 never sent)',
    )
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
    const { valid, said } = counted(differs as Partial<Measurement>)
    expect(valid).toBe(false)
    expect(said).toContain('requests were not conserved')
  })

  test('leaves room for what failed: it may have been counted at one end only', () => {
    const total = { ok: 2000, non2xx: 0, errors: 5, timeouts: 0, dropped: 0 }
    expect(counted({ total, perBackend: [1015, 1000] }).valid).toBe(true)
  })

  test('asks nobody where the backends are not ours', () => {
    expect(counted({ perBackend: [] })).toEqual({ valid: true, said: '' })
  })
})

describe("Little's law", () => {
  test('breaks in closed loop where requests are missing from the mean', () => {
    // 1,000 a second of 1 ms each keep one connection busy, not two.
    expect(checked({}, { connections: 2 })).toMatchObject({
      valid: false,
      said: expect.stringContaining("Little's law"),
    })
  })

  test('is not asked of an open loop, where nobody keeps the number in flight', () => {
    expect(checked({ phase: 'latency' }, { connections: 2 }).valid).toBe(true)
  })
})

describe('an open loop', () => {
  const open = (differs: Partial<Measurement>) =>
    also({ planned: 1000, ...differs }, { phase: 'latency' })

  test('is spoilt by arrivals that the driver came too late for', () => {
    const late = (n: number) => open({ errorKinds: { 'not sent: the driver was too late': n } })
    expect(late(5)).toEqual({ valid: true, said: '' })
    expect(late(6)).toMatchObject({ valid: false, said: expect.stringContaining('saturated') })
  })

  test('tells of a target that falls behind, and counts all the same', () => {
    const inFlight = { opened: 2, closed: 100 }
    const { valid, said } = open({ inFlight })
    expect(valid).toBe(true)
    expect(said).toContain('flow is not balanced')
    // 3·√(20 + 32) = 21.6: it is chance where 12 more are in flight.
    expect(open({ inFlight: { opened: 20, closed: 32 } }).said).toBe('')
  })
})

test('throughput that had not settled is said', () => {
  const { valid, said } = also({ steady: false })
  expect(valid).toBe(true)
  expect(said).toContain('not steady')
})

test('a target that left next to nothing of the CPUs it shares with driver and backends spoils a trial', () => {
  const all = [0, 1]
  const using = (target: number, sharedCpus = true) => {
    const differs = { cpuSets: { target: all, driver: all, backends: all } }
    const { measured } = evidence({ cpu: { target, driver: 0.02, backends: 0.01 } }, differs)
    const processes = measured.processes.map((cost) => ({ ...cost, sharedCpus }))
    return checked({ also: { processes } }, differs)
  }
  expect(using(1.79)).toEqual({ valid: true, said: '' })
  expect(using(1.85)).toEqual({
    valid: false,
    said: "one process used 1.85 of the host's 2 CPUs: driver and backends had too little",
  })
  expect(using(1.85, false).valid).toBe(true)
})

describe('the host', () => {
  const host = (differs: Partial<Measurement['host']>) => also({ host: { ...quiet, ...differs } })

  // Three CPUs for one second.
  test.for([
    [0.02, true, ''],
    [0.04, true, '1.3 %'],
    [0.16, false, '5.3 %'],
  ] as const)('%d s stolen: valid %s', ([stealSeconds, valid, text]) => {
    const found = host({ stealSeconds })
    expect(found.valid).toBe(valid)
    expect(found.said).toContain(text)
    expect(found.said === '').toBe(text === '')
  })

  test('a quota that stopped us spoils a trial, and so does swapping', () => {
    expect(host({ throttledSeconds: 0.009 }).valid).toBe(true)
    expect(host({ throttledSeconds: 0.02 })).toMatchObject({ valid: false })
    expect(host({ swappedPages: 1 })).toMatchObject({ valid: false })
  })

  test('that kept a process waiting is said, with how often it was switched out', () => {
    const waiting = (differs: Partial<Measurement['host']>, waited: number) =>
      checked({ waited: { target: waited }, also: { host: { ...quiet, ...differs } } }).said
    expect(waiting({ foreignSeconds: 0.3 }, 0.2)).toContain(
      'target stood ready and waited for a CPU for 20 % of the window (switched out 0 times)',
    )
    expect(waiting({ foreignSeconds: 0.3 }, 0.05)).toBe('')
    expect(waiting({}, 0.2)).toBe('')
  })

  test('has its part in the tail where its own timerJitter are a tenth of that, on the worst CPUs', () => {
    // The p99 is 1 ms.
    const on = (cpus: number[], p999: number) => ({
      ...{ cpus, count: 1000, p50: 0, p99: 0, p999, max: p999, cpuSeconds: 0.01 },
    })
    expect(host({ timerJitter: [on([0], 0.00001), on([1], 0.0001)] })).toEqual({
      valid: true,
      said: '',
    })
    const { valid, said } = host({ timerJitter: [on([0], 0.0002), on([1, 2], 0.0003)] })
    expect(valid).toBe(true)
    expect(said).toContain('0.3 ms (p99.9) for CPUs 1, 2 (0.1 ms would not matter): the tail is')
    expect(said).toContain("the host's")
  })
})

test('more CPU than there was is a fault of the meter', () => {
  const used = (target: number) => checked({ cpu: { target } })
  expect(used(1.1).valid).toBe(true)
  expect(used(1.2)).toMatchObject({
    valid: false,
    said: expect.stringContaining('the meter is wrong'),
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
    const { valid, said } = faults(differs)
    expect(valid).toBe(false)
    expect(said).toContain('requests were not conserved')
  })

  test('throughput need be steady only up to the first fault', () => {
    const bins = Array.from({ length: 210 }, (_, i) => (i < 41 ? 100 : 60 + (i % 9)))
    const trial = { bins, steady: false, windowSeconds: 20, warmupSeconds: 1 }
    expect(also({ ...trial, meanSeconds: 0.2 }).said).toContain('not steady')
    const course = courseOf({ failing: 0, out: 0 })
    expect(also({ ...trial, meanSeconds: 0.2, faultTimeline: course }).said).not.toContain(
      'not steady',
    )
  })
})
