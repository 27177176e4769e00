import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const files = globSync(
  ['{src,commands,reports}/**/*.ts', 'scenarios/*.yaml', 'docs/guide/*.md', 'README.md'],
  { cwd: root },
).filter((file) => file !== 'src/result/version-1.ts')

/** Wordings that made people read twice; CONTRIBUTING.md has the rules for new ones. */
const refused = [
  /no (winner|lowest p99) can be told/,
  /how much: closed loop/i,
  /how fast: open loop/i,
  /latency from when each request was due/,
  /\bmiddle of \d|\$\{\w+\} blocks ran/i,
  /farther edge of its/,
  /why stands below/,
  /nothing is known of the spread/,
  /trials? do(es)? not count/,
  /stood ready and waited/,
  /wants to run every millisecond/,
  /could not keep pace/,
  /would have allowed, the driver/,
  /was not of one speed/,
  /enter no estimate['`]/,
  /law is broken/,
  /no process used all of its CPU/i,
  /the gate did not fail/i,
  /could be held against/,
  /where this holds for certain/,
  /too narrow a screen/i,
  /less is no difference here/,
  /pairs cannot decide|cannot decide['`]/,
  /fails at no rate that was tried/,
  /it gave up:/i,
  /nothing was kept:/i,
  /noticed by it/i,
  /no change of level/i,
  /at least; twice as long at most/,
  /seeds all that is random/i,
  /never shows a number it did not measure/,
  /no winner in throughput can be/,
  /is no objective/,
  /not judged, or unclear/i,
  /its CPUs are whichever/,
  /\bspoil(t|s)\b/,
  /\bdearer\b/,
  /'a line an arm|trials an arm/i,
  /to repeat it['`:]/i,
  /\b(until|unless) told\b/,
]

test('no text that a user reads has a wording that was given up', () => {
  const found = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    // Comments are not read by users.
    const shown = file.endsWith('.ts')
      ? text.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/(?<![:'"`\\])\/\/.*$/gm, '')
      : text
    return refused.filter((one) => one.test(shown)).map((one) => `${file}: ${one}`)
  })
  expect(found).toEqual([])
})
