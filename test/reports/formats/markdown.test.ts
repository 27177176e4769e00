import { expect, test } from 'vitest'
import { markdown } from '../../../reports/formats/markdown.ts'
import { escaped, markdownTable } from '../../../reports/layout/markdown-parts.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const look = { width: undefined, colour: false, unicode: true }
const example = exampleResult()
const render = (changes: Partial<ResultDocument> = {}, maxBytes?: number) =>
  markdown.render({ ...example, ...changes }, maxBytes === undefined ? look : { ...look, maxBytes })

test('words come first, warnings last', () => {
  const headings = render().match(/^#+ .*$/gm)
  expect(headings?.[0]).toBe('## Load balancers: default')
  expect(headings?.at(-1)).toBe('### Warnings')
  expect(render().split('\n')[2]).toMatch(/^✅ Highest throughput on 1 core: round-robin /)
})

test('a sign, a line and three rows are read without unfolding anything', () => {
  const [before = ''] = render().split('<details>')
  const [, line = '', table = '', ...more] = before.trim().split('\n\n')
  expect(line).toMatch(/^✅ [^\n]*$/)
  expect(table.split('\n')).toHaveLength(2 + 3)
  expect(more).toEqual([])
  const undecided = render({
    comparisons: example.comparisons.map((one) => ({ ...one, outcome: 'inconclusive' as const })),
  })
  expect(undecided.split('\n')[2]).toMatch(/^⚠️ /)
  const invalid = example.findings.map((one) => ({ ...one, validity: 'invalid' as const }))
  expect(render({ findings: invalid }).split('\n')[2]).toMatch(/^❌ /)
})

test('the columns of a table line up in the raw text', () => {
  const lines = render()
    .split('\n\n')
    .filter((block) => block.startsWith('|'))
  expect(lines.length).toBeGreaterThan(2)
  for (const block of lines) {
    expect(new Set(block.split('\n').map((line) => line.length)).size, block).toBe(1)
  }
})

test('the chart has the valid points only', () => {
  expect(render()).toContain(
    [
      '```mermaid',
      'xychart-beta',
      '    title "round-robin: throughput over cores"',
      '    x-axis "cores" [1, 2]',
    ].join('\n'),
  )
  const findings = example.findings.filter(({ arm }) => arm !== 'round-robin ×2')
  expect(render({ findings })).not.toContain('mermaid')
})

test('the command repeats the run, its seed included', () => {
  expect(render()).toContain('```sh\nnpx lb bench --scenario default --seed 1\n```')
  const command = ['bench', '--scenario', "it's mine.yaml"]
  expect(render({ command })).toContain("npx lb bench --scenario 'it'\\''s mine.yaml' --seed 1\n")
})

test('what is measured beyond the first table is folded away', () => {
  expect(render().match(/<summary>.*<\/summary>/g)).toEqual([
    '<summary>All figures, bottlenecks and warnings</summary>',
    '<summary>Latency percentiles</summary>',
    '<summary>Costs of each process</summary>',
    '<summary>Host and versions</summary>',
  ])
})

test('a limit of bytes is kept, and what was left out is named', () => {
  const whole = render()
  const most = Buffer.byteLength(whole) - 1
  const shorter = render({}, most)
  expect(Buffer.byteLength(shorter)).toBeLessThanOrEqual(most)
  expect(shorter).toContain('*Left out to fit --max-bytes: host.*')
  expect(render({}, Buffer.byteLength(whole))).toBe(whole)
})

test('figures, command and warnings stay to the last, and a limit that would hide them is refused', () => {
  let least = 0
  try {
    render({}, 1)
  } catch (error) {
    least = Number(/--max-bytes (\d+)/.exec((error as { hint: string }).hint)?.[1])
    expect(error).toMatchObject({ exitCode: 2 })
  }
  const text = render({}, least)
  expect(Buffer.byteLength(text)).toBe(least)
  for (const kept of [
    'Highest throughput',
    '| round-robin',
    'npx lb',
    '### Warnings',
    'CPU speed varied',
  ]) {
    expect(text).toContain(kept)
  }
  expect(() => render({}, least - 1)).toThrow()
})

test('what markdown or HTML would take for markup is escaped', () => {
  expect(escaped('a|b <c> *d* `e` [f] g_h')).toBe('a\\|b &lt;c&gt; \\*d\\* \\`e\\` \\[f\\] g\\_h')
  expect(
    render({ warnings: [{ code: 'version-1-text', values: { text: '<script>' } }] }),
  ).toContain('- &lt;script&gt;')
})

test('the first column stands left, the others right', () => {
  expect(markdownTable(['a', 'b'], [['long name', '1']])).toBe(
    ['| a         |   b |', '| --------- | --: |', '| long name |   1 |'].join('\n'),
  )
})
