import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/**
 * Each room, and the only modules that it may import besides itself: a room, a file or a package. Data
 * flows down the list, imports point up it, and each package is used in one room. A room with rooms of its own is listed
 * in `subRooms`, too.
 */
const rooms: Record<string, readonly string[]> = {
  'src/kit': ['fastest-levenshtein', 'zod', 'yaml'],
  'src/algorithms': ['src/kit', 'flatqueue'],
  'src/stats': ['src/kit', 'hdr-histogram-js'],
  // The number of blocks follows from that of the comparisons.
  'src/plan': ['src/kit', 'src/stats/tests', 'zod', 'marked'],
  'src/result': ['src/kit', 'src/plan', 'src/stats', 'zod'],
  'src/simulator': ['src/kit', 'src/plan', 'src/stats', 'src/algorithms', 'src/result'],
  // Advice about load balancers: how each target is set, and how that is read back.
  'src/knobs': [
    'src/kit',
    'src/plan',
    'src/result',
    'src/targets/index',
    'src/stats/tests/family-pairs',
    'src/stats/design',
  ],
  // Access logs: lines in, arrivals and keys out.
  'src/logs': ['src/kit'],
  'src/store': ['src/kit', 'src/plan', 'src/result', 'src/stats', 'zod'],
  'src/host': ['src/kit', 'src/result'],
  // Names and classes of bytes in HTTP, and the codec of HTTP/2: bytes in, bytes out. Both sides of a connection use them.
  'src/http': [],
  'src/http2': ['src/http'],
  // Profiles: their model, and the formats that they are read from and written to.
  'src/profile': ['src/kit', 'src/stats', 'src/host/which', 'zod', 'pprof-format'],
  'src/balancer': [
    'src/kit',
    'src/http',
    'src/http2',
    'src/algorithms',
    'src/profile',
    'undici',
    'zod',
    'prom-client',
  ],
  'src/backend': ['src/kit', 'src/plan', 'src/http2'],
  // How a server is reached: names, addresses, TLS. For whatever connects to one.
  'src/connect': ['src/kit', 'src/plan'],
  'src/driver': [
    'src/kit',
    'src/plan',
    'src/stats',
    'src/connect',
    'src/k6/k6-journey',
    // The samples of a load test, as a driver sends them and its coordinator merges them.
    'src/result/load-sample',
    'src/http2',
    'autocannon',
  ],
  // A script is run by the driver, through the client of its visits: it knows their types only.
  'src/k6': [
    'src/kit',
    'src/plan',
    'src/driver/journey/client',
    'src/driver/journey/journey',
    'acorn',
  ],
  // The balancer is started as a process, never imported: its configuration is the one thing to agree on.
  'src/targets': [
    'src/kit',
    'src/host',
    'src/plan',
    'src/connect',
    'src/balancer/config',
    'src/algorithms',
  ],
  'src/meter': ['src/kit', 'src/host'],
  // The lab asks the balancer and the backends for their counts: it imports the types of these messages only.
  'src/lab': [
    'src/kit',
    'src/host',
    'src/plan',
    'src/targets',
    'src/balancer/config',
    'src/backend/config',
  ],
  // The doctor measures no load: it reads the host, a result, or a running balancer.
  'src/doctor': [
    'src/kit',
    'src/host',
    'src/lab/available-cpus',
    'src/lab/host-limits',
    'src/meter',
    'src/plan',
    'src/stats',
    'src/result',
    'src/watch/read-metrics',
  ],
  // Engines start the drivers on other hosts: agents there start the same program that the lab starts here.
  'src/engine': [
    'src/kit',
    'src/host',
    'src/lab',
    'src/meter',
    'src/driver/fleet/fleet-member',
    'zod',
  ],
  'src/experiment': [
    'src/kit',
    'src/doctor/host',
    'src/algorithms/index',
    'src/knobs',
    'src/plan',
    'src/targets',
    // Leaks are measured by clients of their own.
    'src/connect',
    'src/lab',
    'src/engine',
    'src/driver',
    'src/meter',
    'src/profile',
    'src/stats',
    'src/result',
    'src/store',
    'src/host',
  ],
  // A choice: simulated, then run on real processes, and judged.
  'src/choose': [
    'src/kit',
    'src/plan',
    'src/stats',
    'src/algorithms/index',
    'src/result',
    'src/simulator',
    'src/experiment',
  ],
  // The panels of a balancer, and what its metrics make of them.
  'src/watch': ['src/kit'],
  // The process of the live page: the coordinator starts it, and imports the types of its messages only.
  'src/live': ['src/kit', 'src/stats/histogram', 'reports/charts/live-page'],
  // One use case per command: from parsed flags to text and files.
  'src/app': [
    'src/kit',
    'src/live/live-message',
    // `lb watch` measures nothing, and serves its page itself.
    'src/live/page-server',
    'src/watch',
    // A live page follows the loads of trials.
    'src/driver/fleet/drive-fleet',
    'src/algorithms',
    // `lb serve` and `lb backends` run these two programs.
    'src/balancer/supervisor/balancer',
    'src/balancer/process',
    'src/balancer/config',
    'src/backend/config',
    'src/host',
    'src/knobs',
    'src/plan',
    'src/targets',
    'src/lab',
    'src/doctor',
    'src/engine',
    'src/experiment',
    'src/profile',
    'src/k6',
    'src/result',
    'src/logs',
    'src/simulator',
    'src/choose',
    'src/stats/histogram',
    'src/store',
    'src/cli',
    'reports',
  ],
  // The registries of names that flags accept.
  'src/cli': [
    'src/kit',
    'src/result',
    'src/algorithms/index',
    'src/targets/index',
    'src/engine/engine-names',
    'reports/formats/index',
    '@oclif/core',
  ],
  // Reports show the targets and their configurations, and start none.
  reports: [
    'src/algorithms/index',
    'src/targets/installed-targets',
    'src/targets/configurations',
    'src/stats',
    'src/result',
    'src/profile',
    'src/store',
    'src/plan/objective',
    'src/plan/transport',
    'src/watch/panel',
    'src/watch/watch-state',
    'src/kit',
    'chalk',
    'cli-table3',
    'vega',
    'vega-lite',
  ],
  commands: ['src/', 'reports', '@oclif/core'],
}

/** The rooms inside rooms, and which of their siblings each may import. What is not named is not restricted. */
const subRooms: Record<string, Readonly<Record<string, readonly string[]>>> = {
  'src/algorithms': {
    parts: ['algorithm', 'index'],
  },
  'src/balancer': {
    config: [],
    shared: ['config'],
    process: ['supervisor/balancer', 'supervisor/balancer-host'],
    http: [],
    // The access log is written in the format of the configuration.
    io: ['http', 'config'],
    names: ['config', 'shared'],
    limits: ['config', 'shared'],
    // Connections of health checks begin with the same header as those of requests.
    health: ['config', 'shared', 'names', 'io/write-proxy-header'],
    // Messages to workers are typed where workers read them.
    profiling: ['worker/worker-options'],
    admin: ['config', 'shared', 'http', 'health', 'profiling'],
    // Pauses of workers, and the steps of requests.
    observe: [],
    upstream: ['config', 'shared', 'io', 'http', 'http2', 'names'],
    downstream: ['config', 'shared', 'io', 'http', 'http2'],
    proxy: [
      'config',
      'shared',
      'io',
      'http',
      'health',
      'limits',
      'admin/worker-metrics',
      'observe',
      'upstream',
      'downstream',
    ],
  },
  'src/experiment': {
    verdict: [],
    slow: [],
    findings: ['verdict'],
    thresholds: [],
    gates: ['findings'],
    load: ['run', 'slow', 'thresholds', 'verdict'],
    run: ['verdict', 'findings', 'slow', 'thresholds'],
    capacity: ['run', 'findings', 'verdict'],
    selftest: ['run', 'findings', 'verdict'],
    reproduce: ['findings', 'verdict', 'run'],
    tune: ['findings'],
    profile: ['run', 'findings'],
  },
  'src/stats': {
    numeric: [],
    distributions: ['numeric'],
    histogram: [],
    regression: ['distributions', 'numeric'],
    estimates: ['distributions', 'histogram', 'numeric'],
    sequential: ['distributions', 'estimates', 'numeric'],
    tests: ['distributions', 'estimates'],
    series: ['distributions', 'estimates', 'regression'],
    scaling: ['distributions', 'estimates', 'regression', 'numeric'],
    design: ['distributions', 'tests'],
    trial: ['regression'],
  },
  reports: {
    layout: [],
    charts: ['layout', 'sections'],
    sections: ['layout'],
    formats: ['layout', 'sections', 'charts'],
    commands: ['layout', 'sections'],
    'flame-graph': ['layout'],
  },
}

const root = dirname(import.meta.dirname)

/** The TypeScript files in `room`, as paths from the root. */
function filesIn(room: string): string[] {
  if (!existsSync(join(root, room))) return []
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name))
}

/** The modules that a source text of `file` imports, types included: a path from the root, or a package. `node:` is free. */
function importsIn(text: string, file: string): string[] {
  const specifiers = text.matchAll(/(?:\bfrom |\bimport\(|^import )'(.+?)'/gm)
  return [...specifiers]
    .map(([, specifier = '']) =>
      specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
    )
    .filter((path) => !path.startsWith('node:'))
}

function importsOf(file: string): string[] {
  return importsIn(readFileSync(join(root, file), 'utf8'), file)
}

/** Whether `path` is `open` itself, inside it, or its file. */
function within(path: string, open: string): boolean {
  return (
    path === open ||
    path.startsWith(open.endsWith('/') ? open : `${open}/`) ||
    path === `${open}.ts`
  )
}

/** The imports of `room` that are in none of `allowed`, as `from -> to`. */
function forbidden(
  room: string,
  allowed: readonly string[],
  ofInterest: (path: string) => boolean = () => true,
): string[] {
  return filesIn(room).flatMap((file) =>
    importsOf(file)
      .filter((path) => ofInterest(path) && ![room, ...allowed].some((open) => within(path, open)))
      .map((path) => `${file} -> ${path}`),
  )
}

/** The files on a circle of imports: what is left when files that import nothing left, or that nothing left imports, go. */
function onCircles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const left = new Map(imports)
  for (let before = -1; before !== left.size; ) {
    before = left.size
    for (const [file, targets] of left) if (!targets.some((to) => left.has(to))) left.delete(file)
    const imported = new Set([...left.values()].flat())
    for (const file of left.keys()) if (!imported.has(file)) left.delete(file)
  }
  return [...left.keys()].toSorted()
}

test.for(Object.entries(rooms))('%s imports only what it may', ([room, others]) => {
  expect(forbidden(room, others)).toEqual([])
})

test.for(
  Object.entries(subRooms).flatMap(([room, inner]) =>
    Object.entries(inner).map(([name, others]) => ({ room, name, others })),
  ),
)('$room/$name imports only its siblings that it may', ({ room, name, others }) => {
  const siblings = others.map((other) => join(room, other))
  expect(forbidden(join(room, name), siblings, (path) => within(path, room))).toEqual([])
})

test('every room is listed, and every room in a room that is divided', () => {
  const foldersIn = (folder: string) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  expect(foldersIn('src').filter((name) => !(`src/${name}` in rooms))).toEqual([])
  for (const room of ['src/stats', 'src/experiment', 'reports'])
    expect([room, foldersIn(room).toSorted()]).toEqual([
      room,
      Object.keys(subRooms[room] as object).toSorted(),
    ])
})

test('no file reaches itself through its imports, types included', () => {
  const files = [...Object.keys(rooms), 'src/balancer'].flatMap(filesIn)
  expect(onCircles(new Map(files.map((file) => [file, importsOf(file)])))).toEqual([])
})

test('the balancer speaks HTTP/2 with its own codec: node:http2 is for tests', () => {
  const texts = filesIn('src/balancer').map((file) => readFileSync(join(root, file), 'utf8'))
  expect(texts.filter((text) => text.includes("'node:http2'"))).toEqual([])
})

test('a circle is found where there is one, of types, too', () => {
  const planted = new Map([
    ['a.ts', importsIn("import type { B } from './b.ts'", 'a.ts')],
    ['b.ts', importsIn("import { c } from './c.ts'", 'b.ts')],
    ['c.ts', importsIn("const a = await import('./a.ts')", 'c.ts')],
    ['d.ts', importsIn("import { a } from './a.ts'", 'd.ts')],
  ])
  expect(onCircles(planted)).toEqual(['a.ts', 'b.ts', 'c.ts'])
})
