import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSession, type Session } from '../../../src/experiment/run/session.ts'
import { placementOf } from '../../../src/lab/arm-placement.ts'
import { processFamily } from '../../../src/meter/process-family.ts'
import type { Arm, Plan } from '../../../src/plan/plan.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { measurement as measurementSchema } from '../../../src/result/schemas/measurement.ts'
import { stillRunning } from '../../support/processes/still-running.ts'
import { planOf } from '../../support/results/measurements.ts'

const direct: Arm = { name: 'direct', target: 'direct', algorithm: 'none', cores: 1 }
const before = processFamily(process.pid)

let session: Session
beforeAll(async () => {
  session = await openSession({ signal: new AbortController().signal })
})

/** Runs one trial of the backends alone with three drivers. */
function trial(differs: Partial<Plan> = {}): Promise<Measurement> {
  const plan = planOf([direct], {
    ...{ connections: 6, drivers: 3, backendProcesses: 2, timeout: 2, duration: 0.4 },
    warmup: { least: 0.2, most: 0.2 },
    ...differs,
  })
  return session.runTrial({
    ...{ plan, arm: direct, rate: undefined, driver: 'lean' },
    trial: { block: 0, arm: 'direct', phase: 'capacity', seed: 1 },
    placement: placementOf(direct, session.placement, { plan, driver: 'lean' }),
    ...{ tempDir: session.tempDir, signal: session.signal },
  })
}

/** Processes of ours that run this module. */
function processesOf(module: string): number[] {
  return processFamily(process.pid).filter((pid) => commandOf(pid).includes(module))
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

test('drivers and backends divide a load, and serve the next trial too', async () => {
  const { drivers = [], total, perBackend, processes, window } = await trial()
  expect(drivers.map(({ number }) => number)).toEqual([1, 2, 3])
  expect(drivers.reduce((sum, one) => sum + one.total.ok, 0)).toBe(total.ok)
  expect(drivers.reduce((sum, one) => sum + one.window.ok, 0)).toBe(window.ok)
  for (const one of drivers) expect(one.total.ok).toBeGreaterThan(0)
  // Without a balancer all requests reach backends of the plan, whichever process they are in.
  expect(perBackend).toHaveLength(2)
  expect(perBackend.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(total.ok)
  const driver = processes.find(({ role }) => role === 'driver')
  const cpus = placementOf(direct, session.placement, {
    plan: planOf([direct], { drivers: 3 }),
    driver: 'lean',
  }).driver.length
  expect(driver?.cpusGiven).toBe(Math.min(3, cpus))

  const living = [...processesOf('driver/main'), ...processesOf('backend/main')]
  expect(living).toHaveLength(5)
  const again = await trial()
  expect([...processesOf('driver/main'), ...processesOf('backend/main')]).toEqual(living)
  // Its counts begin with its own first request.
  const received = again.perBackend.reduce((a, b) => a + b, 0)
  expect(received - again.total.ok).toBeLessThanOrEqual(6)
})

test('trials of one lab count their own requests only, and drive with as many drivers as they have', async () => {
  const plan = planOf([direct], {
    ...{ connections: 6, drivers: 3, backendProcesses: 2, timeout: 2, duration: 0.2 },
    ...{ warmup: { least: 0, most: 0 }, phases: ['latency'] },
  })
  const placement = placementOf(direct, session.placement, { plan, driver: 'open-loop' })
  const options = {
    ...{ plan, arm: direct, rate: 400, placement },
    trial: { block: 0, arm: 'direct', phase: 'latency', seed: 1 } as const,
    ...{ tempDir: session.tempDir, signal: session.signal },
  }
  await using lab = await session.openLab(options)
  const one = { ...placement.processes, driver: placement.processes.driver.slice(0, 1) }
  const trials = [
    await session.runTrial({ ...options, lab }),
    await session.runTrial({ ...options, lab, placement: { ...placement, processes: one } }),
  ]
  expect(trials.map(({ drivers }) => drivers?.length)).toEqual([3, 1])
  for (const { total, perBackend, verdict } of trials) {
    expect(perBackend.reduce((a, b) => a + b, 0)).toBe(total.ok)
    expect(verdict.reasons.map(({ code }) => code)).not.toContain('requests-not-conserved')
  }
})

test('a driver that is killed makes its trial invalid by name, and the next one has new processes', async () => {
  const running = processesOf('driver/main')
  const measured = trial({ duration: 1 })
  process.kill(running[1] as number, 'SIGKILL')
  const { verdict, drivers } = await measured
  expect(verdict.valid).toBe(false)
  expect(verdict.reasons).toEqual([
    {
      code: 'driver-lost',
      values: { number: 2, of: 3, detail: 'driver 2 of 3 was ended by SIGKILL' },
    },
  ])
  expect(drivers?.map(({ number }) => number)).toEqual([1, 3])
  expect(await stillRunning(running, 2)).toEqual([])
  expect((await trial()).drivers).toHaveLength(3)
})

test('visits arrive at a rate at both drivers, and target and backends count their requests too', async () => {
  const step = (name: string) => ({
    ...({ kind: 'request', name, method: 'GET', url: `/${name}` } as const),
    ...{ headers: {}, checks: [], captures: {} },
  })
  const plan = planOf([direct], {
    ...{ connections: 6, drivers: 2, backendProcesses: 1, timeout: 2, duration: 0.4 },
    ...{ warmup: { least: 0.2, most: 0.2 }, phases: ['latency'] },
    visits: {
      journeys: [{ name: 'one', weight: 1, steps: [step('list'), step('item')] }],
      data: {},
    },
  })
  const measured = await session.runTrial({
    ...{ plan, arm: direct, rate: 200 },
    trial: { block: 0, arm: 'direct', phase: 'latency', seed: 1 },
    placement: placementOf(direct, session.placement, { plan, driver: 'visits' }),
    ...{ tempDir: session.tempDir, signal: session.signal },
  })
  expect(measurementSchema.parse(JSON.parse(JSON.stringify(measured)))).toEqual(measured)
  const { visits, window, planned, total, perBackend, drivers, verdict } = measured
  expect(visits?.began).toBe(planned)
  expect(planned).toBeGreaterThan(40)
  expect((visits?.steps.list?.ok ?? 0) + (visits?.steps.item?.ok ?? 0)).toBe(window.ok)
  expect(perBackend.reduce((a, b) => a + b, 0)).toBe(total.ok)
  expect(drivers?.map(({ window: own }) => own.ok > 0)).toEqual([true, true])
  expect(verdict.reasons.map(({ code }) => code)).not.toContain('requests-not-conserved')
})

afterAll(async () => {
  const all = processFamily(process.pid)
  await session[Symbol.asyncDispose]()
  expect((await stillRunning(all, 2)).filter((pid) => !before.includes(pid))).toEqual([])
})
