import { expect, test } from 'vitest'
import { experiment } from '../../../src/experiment/run/experiment.ts'
import type { Session } from '../../../src/experiment/run/session.ts'
import { ProcessError } from '../../../src/kit/errors.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { type ResultDocument, resultDocument } from '../../../src/result/document.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'
import { arm, binsOf, measurement, planOf, type Seen } from '../../support/results/measurements.ts'
import { engineOnNodes } from '../engine-on-nodes.ts'
import { openTestSession } from '../open-test-session.ts'

/** Runs a plan whose trials give what `give` says. */
async function made(
  plan: Plan,
  give: (arm: string, block: number) => Seen = () => ({}),
  also: Partial<Pick<Session, 'signal' | 'runTrial' | 'engine'>> = {},
): Promise<ResultDocument> {
  const runTrial: Session['runTrial'] = async ({ trial, rate = 0 }) =>
    measurement({
      ...{ arm: trial.arm, block: trial.block, phase: trial.phase },
      ...give(trial.arm, trial.block),
      also: { planned: 1000, ...(rate > 0 && { rate }) },
    })
  await using session = await openTestSession(also.runTrial ?? runTrial, also.signal, also.engine)
  return await experiment({
    ...{ plan, session, lb: '0.1.0', command: ['bench'] },
    watcher: { onTrial() {} },
    checkTargets: async () => [],
    choose: async () => undefined,
  })
}

const arms = [arm('a'), arm('b'), arm('direct', { target: 'direct', algorithm: 'none' })]
const plan = planOf(arms, { control: 'direct', blocks: 8, phases: ['capacity', 'latency'] })

test('the document matches its schema', async () => {
  const document = await made(plan, (name) => ({ ok: name === 'b' ? 1200 : 1000 }))
  expect(resultDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(
    JSON.parse(JSON.stringify(document)),
  )
  expect(document.trials).toHaveLength(48)
  expect(document.findings).toHaveLength(6)
  expect(document.comparisons.map(({ arm, base }) => `${arm} ${base}`)).toContain('b a')
  expect(document.complete).toBe(true)
})

test('a run on nodes has these in place of CPUs, and says that their hosts were watched in part', async () => {
  const found = await made(planOf([arm('a')], { blocks: 1 }), () => ({}), { engine: engineOnNodes })
  const { engine, placement, warnings } = resultDocument.parse(JSON.parse(JSON.stringify(found)))
  expect(engine).toMatchObject({ name: 'ssh', nodes: [{ name: 'n0', drivers: 1 }] })
  expect(placement).toEqual([])
  expect(warnings).toContainEqual({ code: 'nodes-partly-watched', values: {} })
})

test('arms close to the control have the bottleneck of the control', async () => {
  const idle = { bottleneck: 'none' as const }
  const document = await made(plan, () => ({ verdict: idle }))
  const capacity = document.findings.filter(({ phase }) => phase === 'capacity')
  expect(
    capacity.map(({ arm, bottleneck, isLowerBound }) => [arm, bottleneck, isLowerBound]),
  ).toEqual([
    ['a', 'backends', true],
    ['b', 'backends', true],
    ['direct', 'none', false],
  ])
})

test('warnings say what a reader must know: invalid trials, an interruption, missing counters', async () => {
  const aborter = new AbortController()
  const document = await made(
    plan,
    (_, block) => {
      if (block === 3) aborter.abort()
      return { verdict: { valid: false, reasons: [{ code: 'swapped', values: { pages: 1 } }] } }
    },
    { signal: aborter.signal },
  )
  expect(document.complete).toBe(false)
  const { length } = document.trials
  expect(document.warnings).toContainEqual({
    code: 'interrupted',
    values: { measured: length, planned: 48 },
  })
  expect(document.warnings).toContainEqual({
    code: 'trials-discarded',
    values: { discarded: length, trials: length },
  })
})

test('a phase that had no time for its blocks says how many it had, and what to do', async () => {
  const document = await made({ ...plan, stop: { maxSeconds: 1e-9, least: 1 } })
  expect(document.warnings).toContainEqual({
    code: 'out-of-time',
    values: { phase: 'latency', blocks: 1, planned: 8 },
  })
})

test('the rate is one at which the driver, without a balancer, is on time, and the document says what was wanted', async () => {
  const late = histogram()
  late.record(150)
  const document = await made(plan, undefined, {
    runTrial: async ({ trial, rate = 0 }) => {
      const lateness = trial.arm === 'calibration' && rate > 500 ? late : histogram()
      const latency = trial.phase === 'latency' && { lateness: lateness.encode(), rate }
      const bins = binsOf(rate)
      const cpu = { driver: 0.3, backends: 0.3 }
      return measurement({ ...trial, ok: 1000, cpu, also: { planned: 1000, bins, ...latency } })
    },
  })
  const [, ending] = document.phaseEndings
  expect(ending).toMatchObject({ phase: 'latency', rate: 480, wantedRate: 600 })
  expect(document.trials.flatMap(({ rate }) => rate ?? [])).toEqual(Array(24).fill(480))
  expect(document.warnings).toContainEqual({
    code: 'rate-lowered',
    values: { rate: 480, wantedRate: 600 },
  })
})

test('a rate that the driver cannot send is refused before the first trial of the plan', async () => {
  const trials: string[] = []
  const asked = { ...plan, arrivals: { ...plan.arrivals, rate: 5000 } }
  const refused = made(asked, undefined, {
    runTrial: async ({ trial }) => {
      trials.push(trial.arm)
      return measurement({ phase: 'latency', ok: 100, also: { planned: 5000 } })
    },
  })
  await expect(refused).rejects.toMatchObject({ exitCode: 2 })
  expect(new Set(trials)).toEqual(new Set(['calibration']))
})

test('neither the document nor an error contains a secret of the plan', async () => {
  const settings = { command: { command: './x --token SECRET-OF-PLAN {port}' } }
  const document = await made({ ...plan, settings })
  expect(JSON.stringify(document)).not.toContain('SECRET-OF-PLAN')
  expect(document.warnings).toContainEqual({
    code: 'values-hidden',
    values: { flags: ['--command'] },
  })
  const runTrial = async () => {
    throw new ProcessError('x ended', 'Last lines of its log: token SECRET-OF-PLAN expired')
  }
  await expect(made({ ...plan, settings }, undefined, { runTrial })).rejects.toMatchObject({
    code: 'LB_PROCESS',
    hint: 'Last lines of its log: token [hidden] expired',
  })
})

test('a run that an error ended after its first trial is reported, without secrets', async () => {
  const settings = { command: { command: './x --token SECRET-OF-PLAN {port}' } }
  const failures: Error[] = []
  let trials = 0
  const runTrial: Session['runTrial'] = async ({ trial }) => {
    if (++trials === 2) throw new ProcessError('x ended', 'its log: SECRET-OF-PLAN')
    return measurement({ arm: trial.arm, block: trial.block, phase: trial.phase })
  }
  await using session = await openTestSession(runTrial)
  const document = await experiment({
    ...{ plan: { ...plan, settings }, session, lb: '0.1.0', command: ['bench'] },
    watcher: { onTrial() {} },
    onFailure: (error) => failures.push(error),
    checkTargets: async () => [],
    choose: async () => undefined,
  })
  expect(document).toMatchObject({ complete: false, trials: [{}] })
  expect(document.warnings).toContainEqual({ code: 'run-failed', values: { detail: 'x ended' } })
  expect(failures).toMatchObject([{ message: 'x ended', hint: 'its log: [hidden]' }])
})
