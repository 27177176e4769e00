import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { selftest } from '../../../src/experiment/selftest/selftest.ts'
import { aaPlan } from '../../../src/plan/aa-plan.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { measurement, type Seen } from '../../support/results/measurements.ts'
import { openTestSession } from '../open-test-session.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
  vi.stubEnv('XDG_STATE_HOME', folder)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

/** A selftest of 16 blocks whose trials give what `give` says. */
async function found(
  give: (arm: string, block: number) => Seen,
  {
    plan = aaPlan({ blocks: 16, duration: 1, warmup: 1, seed: 1 }),
    signal,
  }: { plan?: Plan; signal?: AbortSignal } = {},
) {
  await using session = await openTestSession(
    async ({ trial }) => measurement({ ...trial, ...give(trial.arm, trial.block) }),
    signal,
  )
  return await selftest({ plan, session, watcher: { onTrial() {} } })
}

test('the noise floor of a quiet host is stored for later comparisons', async () => {
  const { stored, noise, fitness, trials, invalidTrials } = await found(() => ({}))
  expect({ trials, invalidTrials }).toEqual({ trials: 32, invalidTrials: 0 })
  expect(noise.map(({ falseAlarms }) => falseAlarms)).toEqual([0, 0])
  expect(fitness.length).toBeGreaterThan(5)
  expect(JSON.parse(await readFile(stored as string, 'utf8')).floors).toEqual({
    throughput: expect.closeTo(0),
    cpuPerRequest: expect.closeTo(0),
  })
})

test('the stored floors of other metrics are kept', async () => {
  const latency = aaPlan({ blocks: 16, duration: 1, warmup: 1, seed: 1 })
  const phases = {
    ...latency,
    phases: ['latency' as const],
    arrivals: { ...latency.arrivals, rate: 9 },
  }
  const trials = phases.trials.map((trial) => ({ ...trial, phase: 'latency' as const }))
  await found(() => ({}), { plan: { ...phases, trials } })
  const { stored } = await found(() => ({}))
  const { floors } = JSON.parse(await readFile(stored as string, 'utf8'))
  expect(Object.keys(floors).sort()).toEqual([
    'cpuPerRequest',
    'latencyP50',
    'latencyP99',
    'throughput',
  ])
})

test('a noise floor with more false alarms than chance explains is not stored', async () => {
  const { stored, notStored, noise } = await found((arm) => ({ ok: arm === 'A' ? 1000 : 1200 }))
  expect(noise[0]).toMatchObject({ falseAlarms: 2, trustworthy: false })
  expect({ stored, notStored }).toEqual({ stored: undefined, notStored: 'too many false alarms' })
})

test('a noise floor of an interrupted selftest or of invalid trials is not stored', async () => {
  const aborter = new AbortController()
  const cut = await found(
    (_, block) => {
      if (block === 15) aborter.abort()
      return {}
    },
    { signal: aborter.signal },
  )
  expect(cut).toMatchObject({ stored: undefined, notStored: 'interrupted' })
  const invalid = await found(() => ({ verdict: { valid: false } }))
  expect(invalid).toMatchObject({
    ...{ stored: undefined, notStored: 'too few trials' },
    ...{ noise: [], invalidTrials: invalid.trials },
  })
})
