import { expect, test } from 'vitest'
import { junit } from '../../../reports/formats/junit.ts'
import type { Gate, ResultDocument } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const look = { width: undefined, colour: false, unicode: true }
const example = exampleResult()
const render = (changes: Partial<ResultDocument>) => junit.render({ ...example, ...changes }, look)

const gate: Gate = {
  rule: 'p99>+5%',
  arm: 'round-robin ×1',
  metric: 'latencyP99',
  state: 'fail',
  threshold: 'change',
  strict: false,
  reasons: [
    { code: 'version-1-text', values: { text: 'it is 9 % more, "all of it" beyond <5 %>' } },
  ],
}

test('an arm passes when its trials count', () => {
  expect(render({})).toContain('<testsuites name="lb" tests="5" failures="0" errors="0" time="')
  expect(render({})).toContain('throughput: 15,100 req/s ±1.6 %')
})

test('an arm without a valid trial fails, and says why', () => {
  const findings = structuredClone(example.findings)
  Object.assign(findings[0] as object, {
    validity: 'invalid',
    notes: [{ code: 'cores-beyond-host', values: { cores: [8] } }],
  })
  expect(render({ findings })).toContain(
    '<failure message="no trial is valid; 8 cores exceed this host: those rows enter neither fit nor efficiency"/>',
  )
  expect(render({ findings })).toContain('<testsuite name="arms" tests="4" failures="1"')
})

test('a gate fails when its threshold was crossed, and is skipped when inconclusive', () => {
  const text = render({
    gates: [gate, { ...gate, state: 'inconclusive' }, { ...gate, state: 'pass' }],
  })
  expect(text).toContain('<testsuite name="gates" tests="3" failures="1" errors="0" skipped="1"')
  expect(text).toContain('name="p99&gt;+5% of round-robin ×1"')
  expect(text).toContain(
    '<failure message="it is 9 % more, &quot;all of it&quot; beyond &lt;5 %&gt;"/>',
  )
})

test('warnings, bounds and oversubscribed arms are not hidden', () => {
  const text = render({})
  expect(text).toMatch(/<system-err>.*CPU speed varied/)
  expect(text).toContain('validity: oversubscribed')
  expect(text).toContain('throughput: ≥ 21,100 req/s')
})

test('characters that XML has no way to write are left out', () => {
  const text = render({
    warnings: [{ code: 'version-1-text', values: { text: 'a\u0000b\u001bc & d' } }],
  })
  expect(text).toContain('<system-err>abc &amp; d</system-err>')
})
