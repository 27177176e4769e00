import { expect, test } from 'vitest'
import { causesOf, trialCauses } from '../../../reports/sections/causes.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import type { Reason } from '../../../src/result/reason.ts'
import { exampleResult } from '../../support/results/example-result.ts'
import { measurement } from '../../support/results/measurements.ts'

const example = exampleResult({ warnings: [] })
const trials = example.trials.length

/** The example with these reasons in its first trial, and with these warnings. */
function withReasons(
  reasons: readonly Reason[],
  { valid = true, warnings = [] as Reason[] } = {},
): ResultDocument {
  const document = structuredClone({ ...example, warnings })
  Object.assign(document.trials[0]?.verdict as object, { reasons, valid })
  return document
}

const waited: Reason = {
  code: 'run-queue-wait',
  values: { role: 'target', waitShare: 0.43, switches: 9, othersCpus: 0.6 },
}
const stolen: Reason = { code: 'cpu-stolen', values: { share: 0.1 } }
const law: Reason = { code: 'littles-law', values: { ratio: 0.9 } }
const unsteady: Reason = { code: 'throughput-unsteady', values: {} }
const late: Reason = { code: 'driver-late', values: { p50Seconds: 0.002, allowedSeconds: 0.001 } }

test('a run without reasons has no cause', () => {
  expect(causesOf(exampleResult({ warnings: [] }))).toEqual([])
})

test('all reasons of a trial are under the cause that explains the others', () => {
  const [cause, ...others] = causesOf(withReasons([unsteady, law, late, waited, stolen]))
  expect(others).toEqual([])
  expect(cause).toMatchObject({ name: 'machine', isSerious: false })
  expect(cause?.words).toBe(
    `machine busy: 1 of ${trials} trials; a process waited for a CPU up to 43 % of the time; the hypervisor took up to 10 % of the CPU time`,
  )
})

test.for([
  [late, 'driver', /^driver late: 1 of \d+ trials; median send delay up to 2\.00 ms/, /--rate/],
  [law, 'inconsistent', /^counts inconsistent: 1 of \d+ trials; /, /run it again/],
  [unsteady, 'unsteady', /^throughput not steady: 1 of \d+ trials$/, /raise --warmup/],
  [
    { code: 'no-success', values: { requests: 7 } },
    'failures',
    /^requests failed: 1 of \d+ trials; up to 100 % of a trial/,
    /log of the target/,
  ],
] as const)('alone, a reason has a cause of its own: %o', ([reason, name, words, advice]) => {
  const [cause] = causesOf(withReasons([reason]))
  expect(cause?.name).toBe(name)
  expect(cause?.words).toMatch(words)
  expect(cause?.advice).toMatch(advice)
})

test('a fourth of the trials discarded makes a cause serious, and the serious ones come first', () => {
  const some = Array.from({ length: 4 }, (_, i) =>
    measurement({ block: i, verdict: { reasons: [i === 0 ? late : unsteady], valid: i !== 3 } }),
  )
  expect(trialCauses(some).map(({ name, isSerious }) => [name, isSerious])).toEqual([
    ['unsteady', true],
    ['driver', false],
  ])
  expect(trialCauses(some)[0]?.words).toContain('1 of 4 trials discarded, 2 more disturbed')
  expect(trialCauses([...some, measurement()])[0]).toMatchObject({ isSerious: false })
})

test('the largest figure of all trials is shown', () => {
  const of = (waitShare: number) =>
    measurement({
      verdict: { reasons: [{ ...waited, values: { ...waited.values, waitShare } } as Reason] },
    })
  expect(trialCauses([of(0.1), of(0.5), of(0.2)])[0]?.words).toContain('up to 50 % of the time')
})

test('a figure of a node names it', () => {
  const share = { node: 'n1', share: 0.2 }
  const some = [stolen, { code: 'cpu-stolen' as const, values: share }].map((reason) =>
    measurement({ verdict: { reasons: [reason] } }),
  )
  expect(trialCauses(some)[0]?.words).toContain(
    'the hypervisor took up to 20 % of the CPU time on n1',
  )
})

test('figures that the screen shows itself are no cause', () => {
  const warnings: Reason[] = [
    { code: 'too-few-trials', values: { trials: 2 } },
    { code: 'source-build', values: {} },
    { code: 'values-hidden', values: { flags: ['--header'] } },
  ]
  expect(causesOf({ ...example, warnings })).toEqual([])
})

test('an error that ended the run is serious, the maximum time is not', () => {
  const [failed] = causesOf({
    ...example,
    warnings: [{ code: 'run-failed', values: { detail: 'the target ended' } }],
  })
  expect(failed).toMatchObject({ name: 'run', isSerious: true })
  expect(failed?.words).toContain('the target ended')
  const [cut] = causesOf({
    ...example,
    warnings: [{ code: 'out-of-time', values: { phase: 'capacity', blocks: 3, planned: 6 } }],
  })
  expect(cut).toMatchObject({ name: 'run', isSerious: false })
})

test('CPU speed that varied is no busy machine', () => {
  const [cause] = causesOf({
    ...example,
    warnings: [{ code: 'host-speed-varied', values: { factor: 1.8 } }],
  })
  expect(cause?.words).toBe('CPU speed varied up to 1.8× between trials')
})

test('a count of trials never comes before what it counts', () => {
  const jitter: Reason = {
    code: 'timer-jitter',
    values: { cpus: [0], p999Seconds: 0.008, allowedSeconds: 0.001 },
  }
  const [noisy] = causesOf(withReasons([jitter]))
  expect(noisy?.words).toMatch(/^scheduling jitter up to 8\.00 ms, .* \(1 of \d+ trials\)$/)
  const [lost] = causesOf(
    withReasons([{ code: 'driver-lost', values: { number: 2, of: 3, detail: 'killed' } }]),
  )
  expect(lost?.words).toMatch(/^[^(]*driver.* \(1 of \d+ trials\)$/)
})

test.each([
  [{ dropped: 9, errors: 0 }, 'requests not sent', 'too many were in flight: lower --rate'],
  [{ dropped: 8, errors: 1 }, 'requests failed', 'see the log of the target, or load it less'],
])(
  'requests that the driver did not send need another remedy than failures: %o',
  (counts, title, advice) => {
    const document = structuredClone(example)
    const values = { failed: 9, requests: 100, timeouts: 0, non2xx: 0, ...counts }
    const reasons = [{ code: 'requests-failed' as const, values }]
    Object.assign(document.trials[0]?.verdict as object, { reasons })
    const cause = causesOf(document).find(({ name }) => name === 'failures')
    expect(cause?.words).toContain(`${title}: 1 of `)
    expect(cause?.advice).toBe(advice)
  },
)
