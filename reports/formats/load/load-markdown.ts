import { shellLine } from '../../../src/kit/command-line.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { bullets, escaped, fenced, folded, markdownTable } from '../../layout/markdown-parts.ts'
import {
  type LoadTable,
  loadAnswer,
  loadFacts,
  loadTitle,
  stageTable,
  stepTables,
} from '../../sections/load/load-words.ts'

const signs = { good: '✅', careful: '⚠️', bad: '❌' } as const

/** A load test for a pull request or a page: the answer, its stages, and the rest folded. */
export function loadMarkdown(result: LoadResult): string {
  const { sentences, tone } = loadAnswer(result)
  const details = [
    ...stepTables(result, true).map((one) => `### ${escaped(one.title)}\n\n${table(one)}`),
    ...loadFacts(result).map(({ name, lines }) => `### ${name}\n\n${bullets(lines)}`),
    `### Repeat\n\n${fenced('sh', shellLine(['npx', 'lb', ...result.command]))}`,
  ]
  return `${[
    `## Load test: ${escaped(loadTitle(result))}`,
    `${signs[tone]} ${escaped(sentences.join(' '))}`,
    table(stageTable(result)),
    folded('Steps, failures and checks', details.join('\n\n')),
  ].join('\n\n')}\n`
}

function table({ head, rows }: LoadTable): string {
  return markdownTable(
    head,
    rows.map((row) => row.map(escaped)),
  )
}
