import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** Documents that name files of the code; records of decisions name what was there then. */
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...globSync('docs/{.,guide,reference,explanation,measurements}/*.md', { cwd: root }),
]

test.for(documents)('%s: every file of the code that it names is there', (document) => {
  const named = [
    ...read(document).matchAll(
      /(?<![\w/.-])((?:src|commands|reports|test|bench|fuzz|scenarios)\/[\w./-]*)/g,
    ),
  ]
    .map(([, path = '']) => path.replace(/\.$/, ''))
    .filter((path) => !path.includes('NAME') && !existsSync(join(root, path)))
  expect(named).toEqual([])
})

test('every test that conformance.md names is there', () => {
  const rows = read('docs/measurements/conformance.md').match(/^\| .*$/gm) ?? []
  const named = rows.flatMap(
    (row) =>
      row
        .split(' | ')
        .at(-1)
        ?.match(/(?<=`)[\w/-]+(?=`)/g) ?? [],
  )
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter((name) => !existsSync(join(root, `test/balancer/${name}.test.ts`)))).toEqual(
    [],
  )
})
