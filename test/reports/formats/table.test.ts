import { expect, test } from 'vitest'
import { table } from '../../../reports/formats/table.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const plain = { width: 80, colour: false, unicode: true, full: true }
const example = exampleResult()
const render = (changes: Partial<ResultDocument> = {}, look = {}) =>
  table.render({ ...example, ...changes }, { ...plain, ...look })

/** The line of the table that starts with `label` and has so many cores. */
function row(text: string, label: string, cores: string): string[] {
  const line = text
    .split('\n')
    .find((one) => one.startsWith(label) && one.split(/\s+/)[1] === cores)
  return (line ?? '').split(/\s+/)
}

test('a row has the median of each metric, in the unit of its column', () => {
  const { metrics } = example.findings[0] as ResultDocument['findings'][0]
  expect(metrics.throughput?.center).toBeCloseTo(15_100, -2)
  expect(row(render(), 'round-robin', '1')).toEqual([
    'round-robin',
    '1',
    '15,100',
    '2.69',
    '2.47',
    '5.24',
    '0',
    '0.983',
    '65.0',
    '68.2',
  ])
})

test.for([80, 60])('no line is longer than a terminal of %i columns', (width) => {
  for (const unicode of [true, false]) {
    for (const line of render({}, { width, unicode }).split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(width)
    }
  }
})

test('a terminal of 80 columns shows every metric, and a narrower one says what it left out', () => {
  expect(render()).toMatch(/^algorithm +cores +req\/s +mean +p50 +p99 +errors +CPU +CPU +memory$/m)
  expect(render()).not.toContain('Not shown')
  expect(render({}, { width: 60 })).toMatch(
    /Not shown at 60 columns: mean, CPU, memory \(a wider\s+terminal, or COLUMNS=120, shows more\)\./,
  )
})

test('without colour there is no escape, and with it there is', () => {
  expect(render()).not.toContain('\u001b')
  expect(render({}, { colour: true })).toContain('\u001b[')
})

test('colour changes nothing but colour', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one.
  const bare = render({}, { colour: true }).replace(/\u001b\[[\d;]*m/g, '')
  expect(bare).toBe(render())
})

test('without UTF-8 everything is ASCII', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the test.
  expect(render({}, { unicode: false })).toMatch(/^[\x00-\x7f]*$/)
})

test('every oversubscribed row is marked, with a footnote', () => {
  expect(row(render(), 'round-robin', '8†')).toContain('18,600')
  expect(render()).toContain('† Oversubscribed: more workers than CPUs')
  const findings = example.findings.filter(({ validity }) => validity === 'valid')
  expect(render({ findings })).not.toContain('†')
})

test('a throughput that something else limited is a lower bound, and says so', () => {
  expect(row(render(), 'round-robin', '2')).toContain('≥21,100')
  expect(render()).toContain('≥ A lower bound')
  expect(render().replace(/\s+/g, ' ')).toMatch(
    /round-robin ×2: driver-limited: driver used 97 % [^;]*; its throughput is a lower bound/,
  )
})

test('latency at saturation is never shown without saying so', () => {
  expect(render().replace(/\s+/g, ' ')).toContain(
    'Capacity: maximum throughput (closed loop, 40 busy connections; latency includes queueing)',
  )
})

test('the latency phase has its rate, what the target adds, and a line of limits only where one was', () => {
  const findings = example.findings.map((finding) => {
    const { latencyP50 } = finding.metrics
    const metrics = { ...finding.metrics, ...(latencyP50 && { addedP50: latencyP50 }) }
    return { ...finding, metrics, phase: 'latency' as const, bottleneck: 'none' as const }
  })
  const phaseEndings = [
    { phase: 'latency', blocks: 9, endedBy: 'precision', widestHalfWidth: 0.019, rate: 9000 },
  ]
  const text = render({
    findings: [...example.findings, ...findings],
    phaseEndings: phaseEndings as ResultDocument['phaseEndings'],
  })
  expect(text).toContain(
    "Latency at 9,000 req/s (open loop, measured from each request's scheduled time)",
  )
  expect(text).toMatch(/^algorithm +cores +req\/s +p50 +\+p50 +p99 +\+p99 +errors +CPU +memory$/m)
  expect(text.replace(/\s+/g, ' ')).toContain(
    'Stopped after 9 blocks: the precision was reached (widest interval of a comparison ±1.9 %).',
  )
  expect(text.replace(/\s+/g, ' ')).toContain(
    '+p50, +p99: the percentile less that of the backends without a balancer; ± in the same unit, from the differences in each block.',
  )
  expect(text).not.toContain(', latency phase: ')
})

test('what balances nothing has no cores', () => {
  const plan = structuredClone(example.plan)
  Object.assign(plan.arms[0] as object, { name: 'direct', target: 'direct', algorithm: 'none' })
  const findings = structuredClone(example.findings)
  Object.assign(findings[0] as object, { arm: 'direct' })
  expect(row(render({ plan, findings }), 'direct', '–')).toContain('15,100')
})

test('a metric that is missing is a dash, and errors are not rounded to nothing', () => {
  const [first, ...rest] = structuredClone(example.findings)
  const finding = first as ResultDocument['findings'][0]
  delete finding.metrics.latencyP99
  Object.assign(finding.metrics.errorShare as object, { center: 0.000_012 })
  const cells = row(render({ findings: [finding, ...rest] }), 'round-robin', '1')
  expect(cells[5]).toBe('–')
  expect(cells[6]).toBe('0.00120')
})

test('one trial has no spread, and the footnote says so', () => {
  const findings = structuredClone(example.findings)
  for (const { metrics } of findings) {
    for (const summary of Object.values(metrics)) Object.assign(summary, { n: 1 })
  }
  expect(render({ findings })).toContain('One trial per arm: no error estimate.')
  expect(render({ findings })).not.toMatch(/±\d.*±\d.*±\d/)
})

test('a comparison has its interval and its outcome', () => {
  expect(render()).toMatch(
    /Compared with round-robin ×1\n\narm +metric +change +interval +outcome\n─+\nleast-connections ×1 +throughput +−5\.3 % +−7\.3 … −3\.3 % +worse\nRatios of the estimates, with 95 % confidence/,
  )
})

test('what was measured and what is projected stand in columns of their own', () => {
  expect(render()).toMatch(/^cores +req\/s +± +speed-up +efficiency +projected +limited by$/m)
  expect(render()).toMatch(/^8† +18,600 +±\S+ % +– +– +≤123,000 +host$/m)
})

test('nothing that qualifies the figures is hidden', () => {
  const trials = structuredClone(example.trials)
  for (const { trial, verdict } of trials) {
    if (trial.arm !== 'round-robin ×1') continue
    verdict.reasons.push({ code: 'cpu-stolen', values: { share: (trial.block + 1) / 100 } })
    if (trial.block === 1) verdict.reasons.push({ code: 'throughput-unsteady', values: {} })
  }
  const findings = structuredClone(example.findings)
  findings[1]?.notes.push({ code: 'cores-beyond-host', values: { cores: [64] } })
  for (const { metrics } of findings) {
    const n = metrics === findings[0]?.metrics ? 1 : 2
    metrics.latencyP99?.warnings.push({ code: 'too-few-trials', values: { trials: n } })
  }
  const text = render({ trials, findings, complete: false }).replace(/\s+/g, ' ')
  for (const warning of [
    'default (stopped after 20 of 20 trials): ',
    'Warnings every arm: 1 to 2 trials are too few for an interval',
    'least-connections ×1: 64 cores exceed this host',
    'round-robin ×1: the hypervisor gave 1.0 to 5.0 % of the CPU time to other machines (5 trials)',
    'round-robin ×1: throughput was not steady when the window opened',
    'CPU speed varied up to 1.8×',
  ]) {
    expect(text).toContain(warning)
  }
})

test('discarded trials are counted over their arms, with each cause once', () => {
  const trials = structuredClone(example.trials)
  for (const { trial, verdict } of trials) {
    if (trial.block > 1) continue
    verdict.valid = false
    verdict.reasons = [{ code: 'swapped', values: { pages: trial.block + 3 } }]
  }
  const findings = structuredClone(example.findings)
  for (const { notes } of findings) {
    notes.push({ code: 'trials-discarded', values: { discarded: 2, trials: 5 } })
  }
  expect(render({ trials, findings }).replace(/\s+/g, ' ')).toContain(
    'every arm: 8 of 20 trials were discarded: the host swapped 3 to 4 memory pages',
  )
})
