import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/**
 * Each room, and what it may import besides itself: a room, a file or a package. Data walks down,
 * imports point up, and each package has one door.
 */
const rooms: Record<string, readonly string[]> = {
  'src/kit': ['fastest-levenshtein', 'zod'],
  'src/algorithms': ['src/kit'],
  'src/stats': ['src/kit', 'hdr-histogram-js'],
  'src/plan': ['src/kit', 'zod', 'yaml', 'marked'],
  'src/result': ['src/kit', 'src/plan', 'src/stats', 'zod'],
  'src/store': ['src/kit', 'src/plan', 'src/result', 'src/stats', 'zod'],
  'src/host': ['src/kit', 'src/result'],
  'src/balancer': ['src/kit', 'src/algorithms', 'undici', 'zod', 'prom-client'],
  'src/backend': ['src/kit', 'src/plan'],
  'src/driver': ['src/kit', 'src/plan', 'src/stats', 'autocannon', 'undici'],
  // The balancer is started, never imported; what it can be told is the one thing to agree on.
  'src/targets': ['src/kit', 'src/host', 'src/plan', 'src/balancer/config', 'src/algorithms'],
  'src/meter': ['src/kit', 'src/host'],
  // It asks balancer and backends what they counted: their questions' types, and nothing that runs.
  'src/lab': [
    'src/kit',
    'src/host',
    'src/plan',
    'src/targets',
    'src/balancer/config',
    'src/backend/config',
  ],
  'src/experiment': [
    'src/kit',
    'src/algorithms/index',
    'src/plan',
    'src/targets',
    'src/lab',
    'src/driver',
    'src/meter',
    'src/stats',
    'src/result',
    'src/store',
    'src/host',
  ],
  // One use case a command: what a command does, from flags that were read to text and files.
  'src/app': [
    'src/kit',
    'src/algorithms',
    // `lb serve` and `lb backends` run these two.
    'src/balancer/supervisor/balancer',
    'src/balancer/config',
    'src/backend/config',
    'src/host',
    'src/plan',
    'src/targets',
    'src/lab',
    'src/experiment',
    'src/result',
    'src/store',
    'src/cli',
    'reports',
  ],
  // What flags may name is loaded when they are used.
  'src/cli': [
    'src/kit',
    'src/result',
    'src/algorithms/index',
    'src/targets/index',
    'reports/formats/index',
    '@oclif/core',
  ],
  // Of targets it shows what there is to tell, and starts none.
  reports: [
    'src/algorithms/index',
    'src/targets/installed-targets',
    'src/targets/configurations',
    'src/stats',
    'src/result',
    'src/store',
    'src/plan/objective',
    'src/kit',
    'chalk',
    'cli-table3',
    'vega',
    'vega-lite',
  ],
  commands: ['src/', 'reports', '@oclif/core'],
}

const root = dirname(import.meta.dirname)

/** What a module imports, types included: a path from the root, or a package. `node:` is free. */
function importsOf(file: string): string[] {
  const specifiers = readFileSync(join(root, file), 'utf8').matchAll(
    /(?:\bfrom |\bimport\(|^import )'(.+?)'/gm,
  )
  return [...specifiers]
    .map(([, specifier = '']) =>
      specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
    )
    .filter((path) => !path.startsWith('node:'))
}

/** Whether `path` is `open` itself, inside it, or its file. */
function within(path: string, open: string): boolean {
  return (
    path === open ||
    path.startsWith(open.endsWith('/') ? open : `${open}/`) ||
    path === `${open}.ts`
  )
}

test.for(Object.entries(rooms))('%s imports only what it may', ([room, others]) => {
  const files = existsSync(join(root, room))
    ? readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    : []
  const trespasses = files
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name))
    .flatMap((file) =>
      importsOf(file)
        .filter((path) => ![room, ...others].some((open) => within(path, open)))
        .map((path) => `${file} -> ${path}`),
    )
  expect(trespasses).toEqual([])
})

test('every room is listed', () => {
  const found = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `src/${entry.name}`)
  expect(found.filter((room) => !(room in rooms))).toEqual([])
})
