import { expect, test } from 'vitest'
import { csv } from '../../reports/formats/csv.ts'
import { reports } from '../../reports/formats/index.ts'
import { markdown } from '../../reports/formats/markdown.ts'
import { escaped, fenced } from '../../reports/layout/markdown-parts.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { exampleResult } from '../support/results/example-result.ts'

/** A title, a cleared screen, red by CSI as one character, NUL, DEL, and text from right to left. */
const acting = '\u001b]0;title\u0007\u001b[2J\u009b31m\u0000\u007f\u202e'

test.for(reports)('$format: texts of a result reach no terminal as escapes', async (report) => {
  const text = await report.render(withTexts(`x${acting}x`), fileRenderOptions)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  expect(text).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]/)
})

test.for(['=1+1', '+1+1', '-1+1', '@SUM(1)', ' =1+1', '\t=1+1', '＝1+1', '＠SUM(1)'])(
  'csv: a text that begins as a formula is marked as text: %j',
  (name) => {
    const cells = csv.render(withTexts(name), fileRenderOptions).split(/[,\r\n]+/)
    expect(cells).toContain(`'${name.replace('\t', ' ')}`)
    expect(cells.filter((cell) => /^"?\s*[=@+-]/.test(cell) && !(Number(cell) < 0))).toEqual([])
  },
)

test('markdown: a text of a result begins no heading, row or block of its own', () => {
  const text = markdown.render(withTexts('a\n\n# heading\n| cell |'), fileRenderOptions)
  expect(text).not.toMatch(/^(# heading|\| cell)/m)
})

test.for([
  ['# heading', '\\# heading'],
  ['- item', '\\- item'],
  ['---', '\\---'],
  ['1. item', '1\\. item'],
  ['[a](b) `c` <i> ~d~ $e$ | &amp;', '\\[a\\](b) \\`c\\` &lt;i&gt; \\~d\\~ \\$e\\$ \\| &amp;amp;'],
  ['@octocat #12', '@<!-- -->octocat #<!-- -->12'],
  ['http://a www.b', 'http:<!-- -->//a www<!-- -->.b'],
  ['+5.3 % −3 -1', '+5.3 % −3 -1'],
] as const)('markdown: %s', ([text, markup]) => {
  expect(escaped(text)).toBe(markup)
})

test('markdown: a text cannot end the code block that it is in', () => {
  expect(fenced('sh', 'a\n```\nb')).toBe('````sh\na\n```\nb\n````')
})

test('markdown: the command of a result is quoted so that it can be run again', () => {
  const document = exampleResult({ command: ['bench', "a\n'\u001b[2J  b"] })
  const text = markdown.render(document, fileRenderOptions)
  expect(text).toContain("npx lb bench $'a\\n\\'\\x1b[2J  b'")
})

/** A result with `text` wherever a result file has free text. */
function withTexts(text: string): ResultDocument {
  const { host, plan, ...rest } = exampleResult()
  const [first, ...findings] = rest.findings
  const [, second] = plan.arms
  const arms = [{ ...plan.arms[0], name: text }, ...plan.arms.slice(1)]
  return {
    ...rest,
    findings: [{ ...first, arm: text }, ...findings],
    plan: { ...plan, scenario: text, arms },
    host: { ...host, cpuModel: text, os: text, kernel: text, packages: { [text]: text } },
    lb: text,
    command: ['bench', text],
    baseline: { file: text, createdAt: rest.createdAt, lb: text, differences: [] },
    targets: [
      {
        target: second?.target ?? '',
        version: text,
        configWarnings: [],
        responseDifferences: [],
      },
    ],
    warnings: [{ code: 'version-1-text', values: { text } }],
  } as unknown as ResultDocument
}
