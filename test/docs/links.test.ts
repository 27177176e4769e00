import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md', { cwd: root }),
]
const sources = globSync(
  ['{bench,bin,commands,fuzz,reports,scenarios,src,test}/**/*.{ts,js,yaml}', '.github/**/*.yml'],
  { cwd: root },
)

/** Identifiers that GitHub gives to the headings of a document. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.for(documents)('%s: every link leads to a file, and to a heading of it', (document) => {
  const text = readFileSync(join(root, document), 'utf8')
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, link = '']) => link)
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#')
    const file = path === '' ? join(root, document) : join(root, dirname(document), path)
    if (!existsSync(file)) return true
    return anchor !== undefined && !headings(readFileSync(file, 'utf8')).includes(anchor)
  })
  expect(broken).toEqual([])
})

test('sources name only documents that exist', () => {
  const named = sources.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/(?<![\w/])docs\/[\w/-]+\.md/g)].map(
      ([path]) => ({ file, path }),
    ),
  )
  // The example in the help of `lb reproduce` names a document of the user.
  const missing = named.filter(
    ({ path }) => path !== 'docs/tuning.md' && !existsSync(join(root, path)),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(missing).toEqual([])
})

test('every document is reachable from docs/README.md', () => {
  const map = readFileSync(join(root, 'docs/README.md'), 'utf8')
  const unlisted = globSync('{.,guide,reference,explanation,measurements,decisions}/*.md', {
    cwd: join(root, 'docs'),
  }).filter((document) => document !== 'README.md' && !map.includes(`(${document}`))
  expect(unlisted).toEqual([])
})
