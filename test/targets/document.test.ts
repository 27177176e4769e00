import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { algorithms } from '../../src/algorithms/index.ts'
import { targets } from '../../src/targets/index.ts'
import { sampleOptions } from '../../src/targets/sample-options.ts'
import { arm, planOf } from '../support/results/measurements.ts'

/** docs/guide/targets.md agrees with the code. */
const text = readFileSync(join(import.meta.dirname, '../../docs/guide/targets.md'), 'utf8')
const rows = text
  .split('\n')
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
const programs = targets.filter(({ warnings }) => warnings !== undefined)

test.for(targets)('the document has $name', ({ name }) => {
  expect(rows.map(([first]) => first)).toContain(`\`${name}\``)
})

test('the table of algorithms is that of the code', () => {
  const [, ...shown] = rows.find(([first]) => first === 'algorithm') ?? []
  const columns = shown.map((name) => targets.find((target) => target.name === name))
  expect(shown.toSorted()).toEqual(programs.map(({ name }) => name).toSorted())
  for (const { name } of algorithms) {
    const own = columns.map((target) => target?.algorithms[name])
    const cells = own.map((theirs) => (theirs === undefined ? '–' : `\`${theirs}\``))
    expect(rows).toContainEqual([`\`${name}\``, ...cells])
  }
})

test.for(programs)(
  '$name replaces every placeholder that all targets have',
  ({ configuration, name }) => {
    const from = rows.findIndex(([first]) => first === 'placeholder')
    const to = rows.findIndex((row, i) => i > from && row.length < 2)
    const template = rows
      .slice(from, to)
      .flatMap(([first = '']) => first.match(/\{\w+\}/g) ?? [])
      .join(' ')
    expect(template.split(' ').length).toBeGreaterThan(15)
    const plan = planOf([arm('a', { target: name, algorithm: 'round-robin' })], {
      settings: { [name]: { template } },
    })
    const [only = arm('a')] = plan.arms
    const filled = configuration?.(sampleOptions(only, plan)) ?? ''
    // In a sample the placeholder of the directory is its own value.
    expect(filled.replaceAll('{scratch}', '').match(/\{\w+\}/g)).toBeNull()
  },
)
