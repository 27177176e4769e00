import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

/** Words that name nothing in the field, as parts of names; CONTRIBUTING.md has the word to use instead. */
const banned = new Set([
  ...['usher', 'door', 'lane', 'lanes', 'passage', 'outbox', 'roster', 'muster', 'rehearsal'],
  ...['ordeal', 'ailment', 'ails', 'befall', 'deed', 'agenda', 'station', 'contest', 'contests'],
  ...[
    'duel',
    'duels',
    'bout',
    'keeper',
    'octet',
    'octets',
    'unfair',
    'restless',
    'starved',
    'whole',
  ],
])

/** Files in which such a word is the right one. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // The four accumulators of xxHash are lanes in its specification.
  'src/algorithms/hash/xxhash64.ts': ['lane', 'lanes'],
  // Fields of version 1 of the result document.
  'src/result/version-1.ts': ['ails', 'unfair'],
  // A frame or header block that has arrived completely, as against its parts.
  'src/http2/frame-reader.ts': ['whole'],
  'src/http2/receive.ts': ['whole'],
  'src/http2/receive-headers.ts': ['whole'],
}

const root = join(import.meta.dirname, '../..')
const files = globSync('{src,commands,reports,bench,fuzz,docs/generate}/**/*.ts', { cwd: root })

/** `wholeHost` → whole, host. */
function partsOf(name: string): string[] {
  return name.split(/(?=[A-Z])|[^A-Za-z]+/).map((part) => part.toLowerCase())
}

/** Names in a module: its text without comments, strings and imports of other modules' names. */
function namesIn(text: string): string[] {
  const code = text
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/(?<![:'"`\\])\/\/.*$/gm, '')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''")
  return code.match(/[A-Za-z_$][\w$]*/g) ?? []
}

test('no file is named by a word that nobody searches for', () => {
  const found = files.filter((file) =>
    partsOf(basename(file, '.ts')).some((part) => banned.has(part)),
  )
  expect(found).toEqual([])
})

test('no name in the code contains one', () => {
  const found = files.flatMap((file) =>
    [...new Set(namesIn(readFileSync(join(root, file), 'utf8')))]
      .filter((name) =>
        partsOf(name).some((part) => banned.has(part) && !allowed[file]?.includes(part)),
      )
      .map((name) => `${file}: ${name}`),
  )
  expect(found).toEqual([])
})
