import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentedTables } from '../../../src/plan/documented/tables.ts'
import { shippedScenarios } from '../../../src/plan/scenarios.ts'

const algorithms = ['round-robin', 'least-connections', 'weighted']
const registry = {
  algorithms: algorithms.map((name) => ({ name })),
  targets: [
    { name: 'reference', algorithms },
    { name: 'little', algorithms: ['round-robin'] },
  ],
  control: 'direct',
}
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-documented-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(name: string, text: string) {
  const file = join(folder, name)
  await writeFile(file, text)
  return documentedTables(registry, file)
}

const yaml = `title: A guide
arms:
  Turns: { algorithm: round-robin, documentedCores: 8 }
  Fewest: { algorithm: least-connections }
tables:
  - title: Speed
    metric: throughput
    figures:
      Turns: 15,000 req/s
      Fewest: 900
`

const page = `---
layout: page
lb:
  arms:
    Turns: { algorithm: round-robin }
    Fewest: { algorithm: least-connections, cores: 2 }
  columns:
    Throughput: throughput
    Latency (ms): latencyMean
    Memory: { metric: rssMean, unit: MB }
---

# A page

| Algorithm | Throughput | Latency (ms) | Remark |
| --------- | ---------: | -----------: | ------ |
| **Turns** | 15,000 req/s | 2.5 | best |
| [Fewest](x) | \`14.2k\` | 2800 µs | 12 |
| Other | fast | slow | |

\`\`\`
| Algorithm | Throughput |
| --- | --- |
| Turns | 1 |
\`\`\`

## Space

| Algorithm | Memory |
| --- | --- |
| Turns | 45 |
| Fewest | – |
`

describe('a YAML file', () => {
  test('gives its tables in base units', async () => {
    const { name, title, tables, arms } = await read('mine.yaml', yaml)
    expect({ name, title }).toEqual({ name: 'mine', title: 'A guide' })
    expect(tables).toMatchObject([
      {
        title: 'Speed',
        metric: 'throughput',
        figures: [{ arm: 'Turns', value: 15_000 }, { value: 900 }],
      },
    ])
    expect(arms).toMatchObject({
      Turns: { target: 'reference', cores: 1, documentedCores: 8 },
      Fewest: { cores: 1, documentedCores: 1 },
    })
  })

  test.for([
    ['algorithm: round-robin', 'algorithm: rond-robin', 3, 'arms.Turns.algorithm is "rond-robin"'],
    ['Turns: 15,000 req/s', 'Turns: 15 ms', 9, 'tables[1].figures.Turns is "15 ms"'],
    ['Fewest: 900', 'Fewst: 900', 10, 'tables[1].figures.Fewst is 900'],
    ['metric: throughput', 'metric: speed', 7, 'tables[1].metric is "speed"'],
    ['title: A guide', 'titel: A guide', 1, 'unknown field "titel"'],
    ['Fewest: { ', 'Fewest: { target: little, ', 4, 'arms.Fewest.algorithm is "least-connections"'],
  ] as const)('with %s as %s says so, with line and field', async ([from, to, line, what]) => {
    await expect(read('wrong.yaml', yaml.replace(from, to))).rejects.toMatchObject({
      code: 'LB_USAGE',
      message: `${join(folder, 'wrong.yaml')}, line ${line}: ${what}`,
    })
  })
})

describe('a markdown file', () => {
  test('yields the columns and rows that the front matter names', async () => {
    const { title, tables } = await read('page.md', page)
    expect(title).toBe('A page')
    const found = tables.map((table) => ({
      title: table.title,
      figures: Object.fromEntries(table.figures.map(({ arm, value }) => [arm, value])),
    }))
    expect(found).toEqual([
      { title: 'A page: Throughput', figures: { Turns: 15_000, Fewest: 14_200 } },
      { title: 'A page: Latency (ms)', figures: { Turns: 0.0025, Fewest: 0.0028 } },
      { title: 'Space: Memory', figures: { Turns: 45e6 } },
    ])
  })

  test('may have Windows line endings', async () => {
    const { tables } = await read('page.md', page.replaceAll('\n', '\r\n'))
    expect(tables).toHaveLength(3)
  })

  test.for([
    ['15,000 req/s', 'quick', ', line 17: "quick" of Turns is not a value of throughput'],
    ['columns:', 'colums:', ', line 7: unknown field "lb.colums"'],
    ['lb:', 'lp:', ', line 2: lb is missing'],
    ['---\nlayout', 'layout', ', line 1: the front matter with the arms of the tables is missing'],
    ['Turns: {', 'Tunrs: {', undefined],
  ] as const)('with "%s" as "%s" says so', async ([from, to, message]) => {
    const reading = read('wrong.md', page.replace(from, to))
    if (message === undefined) {
      // A row without a name is passed over, and so is a table without any.
      expect((await reading).tables).toHaveLength(2)
    } else {
      const whole = `${join(folder, 'wrong.md')}${message}`
      await expect(reading).rejects.toMatchObject({ code: 'LB_USAGE', message: whole })
    }
  })

  test('without a matching table is refused', async () => {
    await expect(read('none.md', page.slice(0, page.indexOf('# A page')))).rejects.toThrow(
      /has no table with a row among Turns, Fewest and a column among Throughput, Latency \(ms\)/,
    )
  })
})

test('the shipped tables are valid, and not listed as a scenario', async () => {
  const { tables } = await documentedTables(registry)
  expect(tables.map(({ title }) => title)).toEqual([
    ...['Throughput', 'Mean latency', 'Memory', 'CPU', 'Scaling'],
  ])
  expect(await shippedScenarios()).not.toContain('documented')
})
