import { describe, expect, test } from 'vitest'
import { type CpuSets, limit } from '../../src/experiment/verdict.ts'
import type { Measurement, ProcessCost } from '../../src/result/document.ts'

/** A trial with a window of 10 s in which each role used so many CPU-seconds. */
function trial(used: Record<ProcessCost['role'], number>, cpuSets: CpuSets, foreignSeconds = 0) {
  const processes = (['target', 'driver', 'backends'] as const).map((role) => ({
    role,
    userSeconds: used[role] / 2,
    systemSeconds: used[role] / 2,
    busiestThreadSeconds: used[role] / (role === 'target' ? Math.min(2, cpuSets.target.length) : 1),
    waitedSeconds: 0,
    cpusGiven: Math.min(cpuSets[role].length, role === 'target' ? 2 : 1),
    sharedCpus: false,
    rssMeanBytes: 1,
    rssPeakBytes: 1,
    voluntarySwitches: 0,
    involuntarySwitches: 0,
  }))
  const host = { stealSeconds: 0, foreignSeconds }
  const measured = { windowSeconds: 10, processes, host } as unknown as Measurement
  return { measured, cpuSets, connections: 10 }
}

const apart = { target: [0], driver: [1], backends: [2] }

describe('with CPUs of their own', () => {
  test('the target is the limit when only it uses all that it has', () => {
    expect(limit(trial({ target: 9.6, driver: 6, backends: 4 }, apart)).limitedBy).toBe('target')
  })

  test('a full driver is the limit even when the target is full too', () => {
    expect(limit(trial({ target: 9.6, driver: 9.5, backends: 4 }, apart)).limitedBy).toBe('driver')
  })

  test('full backends are the limit', () => {
    expect(limit(trial({ target: 5, driver: 5, backends: 9.4 }, apart)).limitedBy).toBe('backends')
  })

  test('nothing is the limit when none is full', () => {
    const { limitedBy, because } = limit(trial({ target: 3, driver: 2, backends: 1 }, apart))
    expect(limitedBy).toBe('nothing')
    expect(because).toContain('target 30 %')
  })

  test('two CPUs for the target are only full when both are', () => {
    const two = { target: [0, 1], driver: [2], backends: [3] }
    expect(limit(trial({ target: 10, driver: 2, backends: 2 }, two)).limitedBy).toBe('nothing')
    expect(limit(trial({ target: 19, driver: 2, backends: 2 }, two)).limitedBy).toBe('target')
  })
})

test('a target with one full worker is the limit though the others idle, and it says so', () => {
  const two = trial({ target: 11, driver: 2, backends: 2 }, { ...apart, target: [0, 3] })
  const processes = two.measured.processes.map((cost) =>
    cost.role === 'target' ? { ...cost, busiestThreadSeconds: 9.7 } : cost,
  )
  const { limitedBy, because } = limit({ ...two, measured: { ...two.measured, processes } })
  expect(limitedBy).toBe('target')
  expect(because).toContain('not spread evenly')
})

describe('with shared CPUs', () => {
  test('driver and backends that fill the CPU they share limit together, and the larger is named', () => {
    const shared = { target: [0], driver: [1], backends: [1] }
    const { limitedBy, because } = limit(trial({ target: 8, driver: 6, backends: 3.8 }, shared))
    expect(limitedBy).toBe('driver')
    expect(because).toContain('shared 1 CPU and used 98 % of it')
  })

  test('the host is the limit when the target shares CPUs that are used up', () => {
    const all = { target: [0, 1], driver: [0, 1], backends: [0, 1] }
    expect(limit(trial({ target: 9, driver: 6, backends: 4.5 }, all)).limitedBy).toBe('host')
  })
})

test('the host is the limit when other programs take what the trial needs', () => {
  const { limitedBy, because } = limit(trial({ target: 5, driver: 8, backends: 4 }, apart, 11))
  expect(limitedBy).toBe('host')
  expect(because).toContain('37 % of the 3 CPUs')
})
