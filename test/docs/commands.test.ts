import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '@oclif/core/command'
import { parse } from '@oclif/core/parser'
import { expect, test } from 'vitest'
import { withLivePort } from '../../src/cli/live-flag.ts'
import { gateRule } from '../../src/experiment/gates/gate-rule.ts'
import { objective } from '../../src/plan/objective.ts'
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

/** Parses the flags and arguments as the command would, with every check of a value; reads no file and measures nothing. */
async function parsed(line: string): Promise<void> {
  const words = shellWords(line)
  const [name = '', ...argv] = words.slice(words.indexOf('lb') + 1)
  const { default: command } = (await import(`../../commands/${name}.ts`)) as {
    default: typeof Command
  }
  const { args, strict, aliases } = command
  const flags = { ...command.baseFlags, ...command.flags }
  const help = { help: { type: 'boolean' } } as unknown as typeof flags
  const options = { args, strict, flags: { ...flags, ...help }, aliases }
  const { flags: read } = await parse(withLivePort(argv), options as never)
  const { 'fail-on': rules = [], slo = [] } = read as Record<string, string[] | undefined>
  rules.forEach(gateRule)
  slo.forEach(objective)
}

test.for(documents.flatMap((document) => commandsIn(document).map((line) => ({ document, line }))))(
  '$document: $line',
  async ({ line }) => {
    await expect(parsed(line)).resolves.toBeUndefined()
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
  await expect(parsed(line)).rejects.toThrow()
})
