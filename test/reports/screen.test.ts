import { join } from 'node:path'
import { expect, test } from 'vitest'
import { capacityText } from '../../reports/commands/capacity.ts'
import { historyList, historySeries } from '../../reports/commands/history.ts'
import { reproductionFormats } from '../../reports/commands/reproduction.ts'
import { selftestText } from '../../reports/commands/selftest.ts'
import { loadScreen } from '../../reports/formats/load/load-screen.ts'
import { table } from '../../reports/formats/table.ts'
import { causesOf } from '../../reports/sections/causes.ts'
import { trustOf } from '../../reports/sections/trust.ts'
import { applyGates } from '../../src/experiment/gates/apply-gates.ts'
import { gateRule } from '../../src/experiment/gates/gate-rule.ts'
import { reproduce } from '../../src/experiment/reproduce/reproduce.ts'
import { registry } from '../../src/experiment/run/plan-for.ts'
import { documentedTables } from '../../src/plan/documented/tables.ts'
import { reproductionPlan } from '../../src/plan/reproduction-plan.ts'
import type { Capacity } from '../../src/result/capacity.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { Selftest } from '../../src/result/selftest.ts'
import { entryOf } from '../../src/store/history-entry.ts'
import { seriesOf } from '../../src/store/history-series.ts'
import { busyResult, interruptedResult, slowerResult } from '../support/results/disturbed-result.ts'
import { exampleResult } from '../support/results/example-result.ts'
import { faultyResult } from '../support/results/fault-result.ts'
import { goldenResult } from '../support/results/golden-result.ts'
import { exampleLoadResult } from '../support/results/load-result.ts'
import { measuredResult } from '../support/results/measured-result.ts'

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

/** A search that the machine disturbed until it ended. */
const disturbedSearch: Capacity = {
  ...{ arm: 'round-robin ×1', objectives: search.objectives, reason: 'invalid trials', low: 500 },
  curve: [
    { rate: 500, met: 3, missed: 0, invalid: 1, p50: 0.001, p99: 0.004, failed: 0 },
    { rate: 1000, met: 0, missed: 0, invalid: 3, failed: 0 },
  ],
  ...{ trials: 7, seed: 7 },
}

/** A regression that a gate refuses. */
const gated = applyGates(slowerResult(example, 1.5), {
  ...{ rules: [gateRule('cpu>+5%')], strict: false, force: false, noise: undefined },
  base: { file: 'base.json', document: example },
})

const documented = await documentedTables(registry)
const again = reproductionPlan({ documented, overrides: {}, seed: 1, control: registry.control })
const reproduced = measuredResult(again, {
  cpus: 2,
  behaviours: {
    'round-robin ×1': { throughput: 6_000, memory: 70e6, cpu: 160e-6 },
    'least-connections ×1': { throughput: 5_680, memory: 70e6, cpu: 170e-6 },
    'weighted ×1': { throughput: 5_920, memory: 70e6, cpu: 162e-6 },
    'round-robin ×2': { throughput: 9_000, memory: 90e6, shared: true },
    'round-robin ×4': { throughput: 8_000, memory: 150e6, bottleneck: 'host' },
    'round-robin ×8': { throughput: 7_000, memory: 300e6, bottleneck: 'host' },
    direct: { throughput: 20_000 },
  },
})

const noise: Selftest['noise'][number] = {
  ...{ metric: 'throughput', comparisons: 6, falseAlarms: 0, maxFalseAlarms: 2 },
  ...{ trustworthy: true, floor: 0.042, findable: 0.051 },
}
const selftest: Selftest = {
  fitness: [
    { name: 'swap', title: 'swap', state: 'ok', found: '0 pages moved in 1 s' },
    { name: 'steal', title: 'steal', state: 'ok', found: '0 % of the CPU time' },
    {
      ...{ name: 'load', title: 'load', state: 'bad' as const },
      ...{ found: '7.00 on 2 CPUs over the last minute', effect: 'trials wait' },
      ...{ advice: 'stop the other programs, or wait until they have ended', recheck: 'uptime' },
    },
    { name: 'turbo', title: 'turbo', state: 'unknown', found: 'not readable: /sys/x' },
  ],
  noise: [noise, { ...noise, metric: 'cpuPerRequest', floor: 0.018, findable: 0.03 }],
  ...{ trials: 96, invalidTrials: 3, seed: 7, stored: '/home/me/.local/state/lb/noise-abc.json' },
}

const runs = Array.from({ length: 30 }, (_, i) => ({
  ...entryOf(`2026-03-${i + 1}-default-${i}`, {
    ...example,
    createdAt: `2026-03-${String(i + 1).padStart(2, '0')}T12:00:00.000Z`,
  }),
  findings: ['round-robin ×1', 'weighted ×1'].map((arm, j) => ({
    ...{ arm, phase: 'capacity' as const },
    metrics: { throughput: (i < 18 || j === 1 ? 15_000 : 12_000) + 37 * ((i * 7 + j) % 11) },
  })),
}))

const screens: Readonly<Record<string, string>> = {
  history: historyList({ entries: runs, damaged: [] }, look),
  'history-metric': historySeries(seriesOf(runs, { metric: 'throughput' }), 'throughput', look),
  reproduce: reproductionFormats.table?.(reproduce(documented, reproduced), reproduced, look) ?? '',
  selftest: selftestText(selftest, look),
  default: table.render(golden, look),
  busy: table.render(busyResult(golden), look),
  interrupted: table.render(interruptedResult(golden, 5), look),
  compare: table.render(compared(slowerResult(example, 1.5), example), look),
  capacity: capacityText(search, look),
  'capacity-disturbed': capacityText(disturbedSearch, look),
  gate: table.render(gated, look),
  faults: table.render(faultyResult(), look),
  load: loadScreen(exampleLoadResult(), look),
}

/** Lines of a screen. */
const mostLines: Readonly<Record<string, number>> = { default: 30 }

test.for(Object.entries(screens))('%s fits on one screen', async ([name, text]) => {
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, `../golden/screen-${name}.txt`))
  const lines = text.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(mostLines[name] ?? 40)
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
  expect(causes[0]?.words).toContain(
    `machine busy: ${discarded} of ${document.trials.length} trials discarded`,
  )
  expect(trustOf(document).word).toBe('LOW')
  expect(screens.busy).not.toContain('perf says')
  expect(screens.busy).toMatch(/no valid trial/)
})

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

test('a comparison shows base and now with the interval, and nothing of one run alone', () => {
  expect(screens.compare).toMatch(/^ +base +now +change +interval +outcome$/m)
  expect(screens.compare).toMatch(/worse$/m)
  expect(screens.compare).not.toMatch(/^Limited by/m)
})

test('a next step with flags is said once: it is in neither the answer nor the details', () => {
  for (const [name, text] of Object.entries(screens)) {
    const command = /^Next +(lb \S+(?: -\S+ \S+)*)/m.exec(text)?.[1]
    // A command without flags may be named in an advice, too.
    if (command?.includes(' -') !== true) continue
    expect(text.split(command).length - 1, `${name}: ${command}`).toBe(1)
  }
  expect(screens.default?.match(/--precision 10%/g)).toHaveLength(1)
})

test('a sign is explained where the table has it, and a rate has the digits of the table', () => {
  expect(screens.busy).not.toContain('≥')
  expect(screens.default).toContain('≥: a lower bound')
  const rates = (screens.default ?? '').match(/[\d,]+(?=\s+req\/s)/g) ?? []
  expect(rates.length).toBeGreaterThan(2)
  for (const rate of rates) expect(rate.replaceAll(',', '')).toMatch(/^\d{1,3}0*$/)
})

test('one trial each is said only of two that have one', () => {
  const [row] = screens.busy?.match(/^least-connections .*$/m) ?? []
  expect(row).toContain('±')
  expect(screens.busy).not.toContain('one trial each')
})
