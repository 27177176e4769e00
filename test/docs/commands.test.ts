import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseCommand } from '../support/parse-command.ts'
import { shellWords } from '../support/shell-words.ts'

const root = join(import.meta.dirname, '../..')
const documents = ['README.md', ...globSync('docs/guide/*.md', { cwd: root })]

/** The commands of a document: lines of its blocks for a shell, and quoted ones in its text. */
function commandsIn(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8')
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  const joined = blocks.join('\n').replaceAll(/\\\n\s*/g, '')
  const quoted = [...text.matchAll(/`(npx lb [a-z][^`\n]*)`/g)].map(([, line = '']) => line)
  return [...joined.split('\n'), ...quoted].flatMap((line) => {
    const words = shellWords(line)
    const at = words.findIndex((word) => !/^[A-Z_]+=/.test(word))
    const [first, second] = words.slice(at)
    const isLb = first === 'lb' || (first === 'npx' && second === 'lb')
    return isLb && !/\b(?:COMMAND|REF|FILE|NAME)\b/.test(line) ? [line.trim()] : []
  })
}

test.for(documents.flatMap((document) => commandsIn(document).map((line) => ({ document, line }))))(
  '$document: $line',
  async ({ line }) => {
    await expect(parseCommand(line)).resolves.toBeUndefined()
  },
)

test('the guide has a command in each section, or says what is not there', () => {
  const text = readFileSync(join(root, 'docs/guide/tuning.md'), 'utf8')
  const sections = text.split(/^## /m).slice(1)
  expect(sections.length).toBeGreaterThan(20)
  const empty = sections.filter((section) => !/npx lb [a-z]|\*Not\s+there\*/.test(section))
  expect(empty.map((section) => section.split('\n')[0])).toEqual([])
  expect(commandsIn('docs/guide/tuning.md').length).toBeGreaterThan(40)
})

test.for([
  'lb bench --agro weighted',
  'lb bench --duration 5',
  'lb bench --algo rond-robin',
  "lb ci --fail-on 'p99<5%'",
])('a mistake is found: %s', async (line) => {
  await expect(parseCommand(line)).rejects.toThrow()
})
