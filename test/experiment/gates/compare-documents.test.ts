import { describe, expect, test } from 'vitest'
import { resultExitCode } from '../../../src/cli/result-exit-code.ts'
import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { compareDocuments } from '../../../src/experiment/gates/compare-documents.ts'
import { gateRule } from '../../../src/experiment/gates/gate-rule.ts'
import { exitCodes } from '../../../src/kit/exit-codes.ts'
import { seeded } from '../../../src/kit/random.ts'
import type { Measurement, ResultDocument } from '../../../src/result/document.ts'
import type { Reason } from '../../../src/result/reason.ts'
import { gaussian } from '../../stats/gaussian.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const arm = 'round-robin ×1'

const example = exampleResult()
/** As many as the histogram of each trial of the example holds. */
const answered = 2000

/** A run like the example, with noise of its own: its target takes `factor` times the CPU on `slowed` arms. */
function run(seed: number, { factor = 1, slowed = [arm], trials = 5 } = {}): ResultDocument {
  const normal = gaussian(seeded(seed))
  const measured = example.trials
    .filter(({ trial }) => trial.block < trials)
    .map((one): Measurement => {
      const extra = slowed.includes(one.trial.arm) ? factor : 1
      const processes = one.processes.map((cost) =>
        cost.role === 'target'
          ? {
              ...cost,
              userSeconds: answered * 60e-6 * extra * Math.exp(0.01 * normal()),
              systemSeconds: 0,
            }
          : cost,
      )
      return { ...one, window: { ...one.window, ok: answered }, processes }
    })
  const findings = analyse(example.plan, measured, 2)
  return { ...example, trials: measured, findings, comparisons: [], curves: [] }
}

const options = {
  force: false,
  strict: false,
  rules: [] as ReturnType<typeof gateRule>[],
  margin: () => 0.03,
}

function compared(
  base: ResultDocument,
  head: ResultDocument,
  changes: Partial<typeof options> = {},
) {
  return compareDocuments({
    base: { file: 'base.json', document: base },
    head,
    ...options,
    ...changes,
  })
}

const cpu = (document: ResultDocument) =>
  document.comparisons.find((one) => one.arm === arm && one.metric === 'cpuPerRequest')

describe('two runs of the same', () => {
  test('are the same in CPU per request, each arm compared with its namesake', () => {
    const found = compared(run(1), run(2))
    expect(cpu(found)).toMatchObject({ outcome: 'same', base: arm, phase: 'capacity' })
    expect(cpu(found)?.baseValue).toBeCloseTo(60e-6, 6)
    expect(found.baseline).toMatchObject({ file: 'base.json', differences: [] })
  })

  test('fail no gate, however often they are compared', () => {
    const rules = [gateRule('cpu>+0%')]
    // The gate needs an interval beyond 1 and 3 % of difference, where the noise is 1 %.
    for (let seed = 0; seed < 20; seed += 2) {
      const { gates } = compared(run(seed), run(seed + 1), { rules })
      expect(gates.filter(({ state }) => state === 'fail')).toEqual([])
    }
  })
})

test('a run that costs 10 % more is worse, and fails a gate at 5 % and none at 20 %', () => {
  const rules = ['cpu>+5%', 'cpu>+20%'].map(gateRule)
  const found = compared(run(1), run(2, { factor: 1.1 }), { rules })
  expect(cpu(found)?.outcome).toBe('worse')
  const states = found.gates
    .filter((one) => one.arm === arm)
    .map(({ rule, state, reasons }) => ({ rule, state, reasons }))
  expect(states).toMatchObject([
    { rule: 'cpu>+5%', state: 'fail' },
    { rule: 'cpu>+20%', state: 'pass' },
  ])
  expect(states[0]?.reasons).toEqual([
    {
      code: 'measured-change',
      values: expect.objectContaining({
        metric: 'cpuPerRequest',
        center: expect.closeTo(1.1, 1),
      }),
    },
  ])
})

test('a threshold inside the interval of the change is inconclusive', () => {
  const rules = [gateRule('cpu>+10%')]
  const { gates } = compared(run(1), run(2, { factor: 1.1 }), { rules })
  expect(gates.find((one) => one.arm === arm)).toMatchObject({ state: 'inconclusive' })
})

test('a change below the noise floor of the host fails no gate', () => {
  const rules = [gateRule('cpu>+2%')]
  const { gates } = compared(run(1), run(2, { factor: 1.08 }), { rules, margin: () => 0.12 })
  const gate = gates.find((one) => one.arm === arm)
  expect(gate).toMatchObject({ state: 'inconclusive' })
  expect(gate?.reasons).toContainEqual({ code: 'within-margin', values: { margin: 0.12 } })
})

test('three trials on a side are too few, and the gate names how many are needed', () => {
  const rules = [gateRule('cpu>+5%')]
  const found = compared(run(1, { trials: 3 }), run(2, { factor: 2, trials: 3 }), { rules })
  expect(cpu(found)?.outcome).toBe('too few trials')
  const gate = found.gates.find((one) => one.arm === arm)
  expect(gate).toMatchObject({ state: 'inconclusive' })
  expect(gate?.reasons).toContainEqual({
    code: 'too-few-trials-per-side',
    values: { base: 3, head: 3, needed: 4, confidence: 0.95 },
  })
})

test('many rules at once need more evidence each (Holm)', () => {
  const head = run(2, { factor: 1.07 })
  const one = [gateRule('cpu>+5%')]
  const many = [...one, ...['throughput<-1%', 'mean>+1%', 'memory>+1%', 'p50>+1%'].map(gateRule)]
  const state = (rules: typeof one, phases: ResultDocument['plan']['phases']) =>
    compared(run(1), { ...head, plan: { ...head.plan, phases } }, { rules }).gates[0]?.state
  expect(state(one, ['capacity'])).toBe('fail')
  const three = [...many.slice(0, 2), gateRule('memory>+1%')]
  expect(state(three, ['capacity'])).toBe('inconclusive')
  // A rank test of 5 and 5 trials has a minimum p of 0.008, which a family of 9 gates raises above the level: a change
  // that lies far beyond the threshold fails all the same.
  const far = run(2, { factor: 1.3 })
  expect(
    compared(run(1), { ...far, plan: { ...far.plan, phases: ['capacity'] } }, { rules: three })
      .gates[0]?.state,
  ).toBe('fail')
})

test('oversubscribed arms are neither compared nor gated', () => {
  const found = compared(run(1), run(2), { rules: [gateRule('cpu>+5%')] })
  expect(found.comparisons.filter((one) => one.arm === 'round-robin ×8')).toEqual([])
  expect(found.gates.filter((one) => one.arm === 'round-robin ×8')).toEqual([])
})

test('a throughput that is only a lower bound fails no gate', () => {
  const head = run(2)
  const trials = head.trials.map((one) =>
    one.trial.arm === 'round-robin ×2'
      ? { ...one, window: { ...one.window, ok: Math.round(one.window.ok / 2) } }
      : one,
  )
  const slow = { ...head, trials, findings: analyse(head.plan, trials, 2) }
  const { gates } = compared(run(1), slow, { rules: [gateRule('throughput<-3%')] })
  const gate = gates.find((one) => one.arm === 'round-robin ×2')
  expect(gate).toMatchObject({ state: 'inconclusive' })
  expect(gate?.reasons).toContainEqual({ code: 'lower-bound', values: {} })
})

describe('runs measured differently are refused, and when forced the document names the difference', () => {
  const other = run(2)
  test.for([
    [
      'host',
      { code: 'host-differs' },
      { host: { ...other.host, fingerprint: 'fedcba9876543210' } },
    ],
    ['build', { code: 'build-differs' }, { build: 'source' }],
    [
      'engine',
      { code: 'plan-differs', values: { field: 'engine' } },
      { engine: { name: 'ssh', nodes: [] } },
    ],
    [
      'duration',
      { code: 'plan-differs', values: { field: 'duration' } },
      { plan: { ...other.plan, duration: 1 } },
    ],
    [
      'connections',
      { code: 'plan-differs', values: { field: 'connections' } },
      { plan: { ...other.plan, connections: 1 } },
    ],
    [
      'backends',
      { code: 'plan-differs', values: { field: 'backends' } },
      { plan: { ...other.plan, backends: other.plan.backends.slice(1) } },
    ],
  ] as [string, Partial<Reason>, Partial<ResultDocument>][])('%s', ([field, reason, changes]) => {
    const head = { ...other, ...changes }
    expect(() => compared(run(1), head)).toThrow(`it differs in ${field}`)
    const forced = compared(run(1), head, { force: true })
    expect(forced.baseline?.differences).toMatchObject([reason])
  })

  test('another seed or another number of trials is no difference', () => {
    const head = run(2, { trials: 4 })
    const plan = { ...head.plan, seed: 99, blocks: 4 }
    expect(compared(run(1), { ...head, plan }).baseline?.differences).toEqual([])
  })

  test('no arm in common is refused even when forced', () => {
    const head = run(2)
    const plan = {
      ...head.plan,
      arms: head.plan.arms.map((one) => ({ ...one, name: `x ${one.name}` })),
    }
    expect(() => compared(run(1), { ...head, plan }, { force: true })).toThrow('none of the arms')
  })
})

test('no gate fails where the control changed in the same direction', () => {
  const control = 'least-connections ×1'
  const base = run(1)
  const head = run(2, { factor: 1.3 })
  const dearer = head.trials.map((one) =>
    one.trial.arm === control
      ? {
          ...one,
          processes: one.processes.map((cost) =>
            cost.role === 'driver' ? { ...cost, userSeconds: cost.userSeconds * 2 } : cost,
          ),
        }
      : one,
  )
  const plan = { ...head.plan, control }
  const moved = { ...head, trials: dearer, findings: analyse(plan, dearer, 2), plan }
  const found = compared(base, moved, { rules: [gateRule('cpu>+5%')] })
  const gate = found.gates.find((one) => one.arm === arm)
  expect(gate).toMatchObject({ state: 'inconclusive' })
  const changed = { code: 'control-changed', values: { metric: 'driverCpuPerRequest' } }
  expect(gate?.reasons[1]).toMatchObject(changed)
  expect(found.warnings).toContainEqual(expect.objectContaining({ code: 'control-changed' }))
})

test('latency at two rates is not compared', () => {
  const at = (document: ResultDocument, rate: number): ResultDocument => {
    const trials = document.trials.map((one) => ({
      ...one,
      trial: { ...one.trial, phase: 'latency' as const },
    }))
    const plan = { ...document.plan, phases: ['latency' as const] }
    const findings = analyse(plan, trials, 2)
    const phaseEndings = [{ phase: 'latency' as const, blocks: 5, endedBy: 'plan' as const, rate }]
    return { ...document, plan, trials, findings, phaseEndings }
  }
  const latencies = (document: ResultDocument) =>
    document.comparisons.filter(({ metric }) => metric === 'latencyP50').length
  expect(latencies(compared(at(run(1), 5000), at(run(2), 5010)))).toBeGreaterThan(0)
  const apart = compared(at(run(1), 5000), at(run(2), 5500))
  expect(latencies(apart)).toBe(0)
  expect(apart.warnings).toContainEqual(
    expect.objectContaining({
      code: 'rates-differ',
      values: { base: 5000, head: expect.any(Number) },
    }),
  )
})

test.for([
  [1, 5, 'this run has 1'],
  [5, 1, 'base.json has 1'],
] as const)('a head of %i and a base of %i trials an arm: %s', ([ours, theirs, said]) => {
  const of = (blocks: number): ResultDocument => ({
    ...run(1),
    plan: { ...example.plan, blocks },
  })
  for (const force of [false, true]) {
    expect(() => compared(of(theirs), of(ours), { force })).toThrow(
      `a comparison takes 2 trials of each arm or more, and ${said}`,
    )
  }
})

/** A run in which an arm has another name. */
function renamed(document: ResultDocument): ResultDocument {
  return JSON.parse(JSON.stringify(document).replaceAll(`"${arm}"`, '"vanished ×1"'))
}

test('an arm that the baseline lacks was not checked, and fails', () => {
  const found = compared(renamed(run(1)), run(2), { rules: [gateRule('cpu>+90%')] })
  const gate = found.gates.find((one) => one.arm === arm)
  expect(gate).toMatchObject({ state: 'fail' })
  expect(gate?.reasons).toEqual([{ code: 'baseline-lacks-arm', values: { arm } }])
  expect(resultExitCode(found)).toBe(exitCodes.regression)
})

test('an arm without a valid trial in the baseline is inconclusive, and the reason names the baseline', () => {
  const base = run(1)
  const trials = base.trials.map((one) =>
    one.trial.arm === arm ? { ...one, verdict: { ...one.verdict, valid: false } } : one,
  )
  const spoilt = { ...base, trials, findings: analyse(example.plan, trials, 2) }
  const gate = compared(spoilt, run(2), { rules: [gateRule('cpu>+90%')] }).gates.find(
    (one) => one.arm === arm,
  )
  expect(gate).toMatchObject({ state: 'inconclusive' })
  expect(gate?.reasons).toEqual([{ code: 'baseline-without-valid-trial', values: { arm } }])
})

test('against an interrupted baseline nothing passes, and a regression still fails', () => {
  const base = { ...run(1), complete: false }
  const reason = {
    code: 'baseline-interrupted',
    values: { measured: base.trials.length, planned: base.plan.trials.length },
  }
  const rules = [gateRule('cpu>+90%'), gateRule('cpu>+5%')]
  const found = compared(base, run(2, { factor: 1.3 }), { rules })
  expect(found.warnings).toContainEqual(reason)
  const own = found.gates.filter((one) => one.arm === arm)
  expect(own).toMatchObject([{ state: 'inconclusive' }, { state: 'fail' }])
  expect(own[0]?.reasons).toContainEqual(reason)
})

test('a rule that no arm could be checked against is inconclusive, not a pass', () => {
  const oversubscribed = (document: ResultDocument): ResultDocument => ({
    ...document,
    findings: document.findings.map((one) => ({ ...one, validity: 'oversubscribed' })),
  })
  const rules = [gateRule('cpu>+90%'), gateRule('throughput<1')]
  const found = compared(oversubscribed(run(1)), oversubscribed(run(2)), { rules })
  expect(new Set(found.gates.map(({ rule }) => rule))).toEqual(
    new Set(['cpu>+90%', 'throughput<1']),
  )
  expect(new Set(found.gates.map(({ state }) => state))).toEqual(new Set(['inconclusive']))
  expect(resultExitCode(found)).toBe(exitCodes.inconclusive)
})
