import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** What a module loads at once when it is loaded: a path from the root, or a package. Types are not, nor what is imported later. */
function loadsOf(file: string): string[] {
  const statements = readFileSync(join(root, file), 'utf8').matchAll(
    /^(?:import|export) (?!type )(?:[^'"]*? from )?'(.+?)'/gm,
  )
  return [...statements].map(([, specifier = '']) =>
    specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
  )
}

/** All that is loaded with a module, however many imports away. */
function loaded(file: string): Set<string> {
  const found = new Set([file])
  // What is added to a set while it is walked through is come to as well.
  for (const one of found) if (one.endsWith('.ts')) for (const next of loadsOf(one)) found.add(next)
  return found
}

/** What every thread that loads them pays for in memory, whether or not its settings ask for them. */
const heavy = [
  'node:crypto',
  'node:tls',
  'node:http',
  'node:https',
  'node:http2',
  'node:perf_hooks',
]

test.for(['main', 'worker/worker'])(
  '%s loads no packages but two small ones, and nothing heavy of Node',
  (name) => {
    const modules = [...loaded(`src/balancer/${name}.ts`)]
    expect(modules).toContain('src/algorithms/parts/table.ts')
    const packages = modules.filter((one) => !one.startsWith('src/') && !one.startsWith('node:'))
    expect(packages).toEqual(['fastest-levenshtein', 'flatqueue'])
    expect(modules.filter((one) => heavy.includes(one))).toEqual([])
  },
)

test('HTTP/2 from clients does not use that of Node', () => {
  const modules = [...loaded('src/balancer/downstream/accept.ts')]
  expect(modules).toContain('src/http2/connection.ts')
  const sources = modules
    .filter((one) => one.startsWith('src/'))
    .map((one) => readFileSync(join(root, one), 'utf8'))
  expect(sources.filter((source) => source.includes('node:http2'))).toEqual([])
})

test('what checks a configuration is seen to load zod', () => {
  expect(loaded('src/balancer/config/config-thread.ts')).toContain('zod')
})
