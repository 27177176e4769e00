import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capacityText } from '../../reports/commands/capacity.ts'
import { table } from '../../reports/formats/table.ts'
import { causesOf } from '../../reports/sections/causes.ts'
import { nextStep } from '../../reports/sections/next-step.ts'
import { trustOf } from '../../reports/sections/trust.ts'
import { applyGates } from '../../src/experiment/gates/apply-gates.ts'
import type { Capacity } from '../../src/result/capacity.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { busyResult, interruptedResult, slowerResult } from '../support/results/disturbed-result.ts'
import { exampleResult } from '../support/results/example-result.ts'
import { goldenResult } from '../support/results/golden-result.ts'

const look = { width: 80, colour: false, unicode: true }
const golden = await goldenResult()
const example = exampleResult()

function compared(head: ResultDocument, base: ResultDocument): ResultDocument {
  const rules = { rules: [], strict: false, force: false, noise: undefined }
  return applyGates(head, { ...rules, base: { file: 'base.json', document: base } })
}

const search: Capacity = {
  arm: 'round-robin ×1',
  objectives: [{ kind: 'percentile', percent: 99, seconds: 0.02 }],
  low: 7000,
  high: 7500,
  estimate: { center: 7200, low: 7050, high: 7400, trials: 24 },
  reason: 'goal width',
  driverLimit: 30_000,
  curve: Array.from({ length: 20 }, (_, i) => ({
    ...{ rate: 500 * (i + 1), met: i < 14 ? 3 : 0, missed: i < 14 ? 0 : 5, invalid: 0 },
    ...{ p50: 0.001, p99: 0.002 * 1.18 ** i, failed: 0 },
  })),
  trials: 60,
  seed: 7,
}

const screens: Readonly<Record<string, string>> = {
  default: table.render(golden, look),
  busy: table.render(busyResult(golden), look),
  interrupted: table.render(interruptedResult(golden, 5), look),
  compare: table.render(compared(slowerResult(example, 1.5), example), look),
  capacity: capacityText(search, look),
}

test.for(Object.entries(screens))('%s fits on one screen', async ([name, text]) => {
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, `../golden/screen-${name}.txt`))
  const lines = text.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(name === 'default' ? 30 : 40)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
})

test.for([60, 80, 140])('at %i columns no line is longer, with and without UTF-8', (width) => {
  for (const unicode of [true, false]) {
    for (const document of [golden, example, busyResult(golden)]) {
      for (const line of table.render(document, { ...look, width, unicode }).split('\n')) {
        expect(line.length, line).toBeLessThanOrEqual(width)
      }
    }
  }
})

test('without UTF-8 everything is ASCII, and no character is unknown', () => {
  const text = table.render(golden, { ...look, unicode: false })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the test.
  expect(text).toMatch(/^[\x00-\x7f]*$/)
  expect(text).not.toContain('?')
})

test('colour changes nothing but colour', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one.
  const bare = table.render(golden, { ...look, colour: true }).replace(/\u001b\[[\d;]*m/g, '')
  expect(bare).toBe(screens.default)
})

test('rows stand in the order of the figure that the bars show, the control last', () => {
  const names = (screens.default ?? '')
    .split('\n')
    .flatMap((line) => /^(\S+)(?: \(no balancer\))? +≥?[\d,]+ /.exec(line)?.[1] ?? [])
  const { findings } = golden
  const rate = (name: string) =>
    findings.find(({ arm, phase }) => arm === `${name} ×1` && phase === 'capacity')?.metrics
      .throughput?.center ?? 0
  expect(names.at(-1)).toBe('direct')
  const ranked = names.slice(0, -1)
  expect(ranked.length).toBeGreaterThan(2)
  expect(ranked).toEqual(ranked.toSorted((a, b) => rate(b) - rate(a)))
})

test('a busy machine is one warning, counted, with what to do', () => {
  const document = busyResult(golden)
  const discarded = document.trials.filter(({ verdict }) => !verdict.valid).length
  const causes = causesOf(document)
  expect(causes.filter(({ name }) => name === 'machine')).toHaveLength(1)
  expect(causes.map(({ name }) => name)).not.toContain('inconsistent')
  expect(causes[0]?.words).toContain(`machine busy: ${discarded} of 24 trials discarded`)
  expect(trustOf(document).word).toBe('LOW')
  expect(screens.busy).not.toContain('perf says')
  expect(screens.busy).toMatch(/no valid trial/)
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

test('an invalid arm has no figures and no bar', () => {
  const findings = structuredClone(example.findings)
  Object.assign(findings[1] as object, { validity: 'invalid' })
  const line = table
    .render({ ...example, findings }, look)
    .split('\n')
    .find((one) => one.startsWith('least-connections'))
  expect(line).toMatch(/^least-connections ×1 +no valid trial +– +–/)
  expect(line).not.toContain('█')
})

test('the next step is what the run lacked', () => {
  expect(nextStep(golden).command).toMatch(/^lb bench .*--trials 6\b/)
  expect(nextStep(interruptedResult(golden, 5)).command).toBe('lb bench')
  expect(nextStep(busyResult(golden)).command).toBe('lb selftest')
  const invalid = golden.findings.map((one) => ({ ...one, validity: 'invalid' as const }))
  expect(nextStep({ ...golden, findings: invalid }).command).toBe('lb selftest')
})

test('the next step repeats the command of the run, without its file', () => {
  const command = ['bench', '-s', 'default', '--trials=3', '-oresult.json', '--force']
  expect(nextStep({ ...golden, command }).command).toMatch(
    /^lb bench -s default --trials 6( --driver lean)?$/,
  )
})

test('a comparison shows base and now with the interval, and nothing of one run alone', () => {
  expect(screens.compare).toMatch(/^ +base +now +change +interval +outcome$/m)
  expect(screens.compare).toMatch(/worse$/m)
  expect(screens.compare).not.toMatch(/^Limited by/m)
})
