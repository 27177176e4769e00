import { expect, test } from 'vitest'
import { evidenceOfLoad } from '../../../src/doctor/symptoms/of-load.ts'
import { evidenceOfResult } from '../../../src/doctor/symptoms/of-result.ts'
import { examineSymptoms } from '../../../src/doctor/symptoms/registry.ts'
import { knobs } from '../../../src/knobs/index.ts'
import type { Leaf } from '../../../src/result/diagnosis.ts'
import { resultDocument } from '../../../src/result/document.ts'
import type { Reason } from '../../../src/result/reason.ts'
import { type LoadResult, loadResult } from '../../../src/result/schemas/load.ts'
import { parseCommand } from '../../support/parse-command.ts'
import { goldenResult } from '../../support/results/golden-result.ts'
import { exampleLoadResult } from '../../support/results/load-result.ts'
import { type SymptomFigures, symptomResult } from '../../support/results/symptom-result.ts'

const symptomsOf = (figures: SymptomFigures) =>
  examineSymptoms(evidenceOfResult(resultDocument.parse(symptomResult(figures))))

const leavesIn = (symptoms: ReturnType<typeof examineSymptoms>): Leaf[] =>
  symptoms.flatMap(({ leaves }) => leaves)

const slow = { p50: 0.02, p99: 0.05 }
const tail = { p50: 0.001, p99: 0.04 }
const capacity = { phase: 'capacity' as const }
const stolen = { code: 'cpu-stolen', values: { share: 0.2 } } as const
const late = { code: 'driver-late', values: { p50Seconds: 0.01, allowedSeconds: 0.001 } } as const
const lateTail: Reason = {
  code: 'driver-late-at-tail',
  values: { p99Seconds: 0.02, allowedSeconds: 0.002 },
}
const atCapacity: Reason = {
  code: 'backend-at-capacity',
  values: { backend: 2, rate: 99, maxRate: 100 },
}
const slowest = { backends: [2], share: 0.33, shareBySpeed: 0.1 }

/** A result for each leaf, and a figure that its evidence must name. */
const scenarios: readonly (readonly [leaf: string, SymptomFigures, evidence: RegExp])[] = [
  ['no-files', { errorKinds: { EMFILE: 7 } }, /7 of 30000 requests: EMFILE 7×/],
  ['no-ports', { errorKinds: { EADDRNOTAVAIL: 70 } }, /EADDRNOTAVAIL 70×/],
  ['refused', { errorKinds: { ECONNREFUSED: 5, 'not-sent-target-refuses': 9 } }, /14 of 30000/],
  ['name-or-route', { errorKinds: { ENOTFOUND: 5 } }, /ENOTFOUND/],
  ['tls', { errorKinds: { UNABLE_TO_VERIFY_CERT: 5 } }, /CERT/],
  ['timed-out', { errorKinds: { 'timed out': 5 } }, /timed out 5×/],
  ['reset', { errorKinds: { ECONNRESET: 3, 'socket hang up': 2 } }, /ECONNRESET 3×, socket/],
  ['not-sent', { errorKinds: { 'not-sent-too-many-in-flight': 9 } }, /in-flight 9×/],
  ['other-errors', { errorKinds: { HPE_INVALID_CONSTANT: 2 } }, /HPE_INVALID_CONSTANT 2×/],

  ['bad-gateway', { errorKinds: { 'status 502': 4 } }, /status 502 4×/],
  ['unavailable', { errorKinds: { 'status 503': 4 } }, /status 503 4×/],
  ['gateway-timeout', { errorKinds: { 'status 504': 4 } }, /status 504 4×/],
  ['rate-limited', { errorKinds: { 'status 429': 4 } }, /status 429 4×/],
  ['server-error', { errorKinds: { 'status 500': 4 } }, /status 500 4×/],
  ['refused-request', { errorKinds: { 'status 404': 4 } }, /status 404 4×/],
  [
    'from-backends',
    { errorKinds: { 'status 500': 4 }, controlErrorKinds: { 'status 500': 5 } },
    /without a balancer: 500 5×/,
  ],

  ['latency-driver', { ...slow, reasons: [late] }, /left 10\.0 ms late/],
  ['latency-backends', { p50: 0.2, p99: 0.3, controlP50: 0.19 }, /without a balancer 190 ms/],
  ['latency-backends', { ...slow, reasons: [atCapacity] }, /backend 2 served 99\.0 of at most 100/],
  ['latency-queue', { ...slow, cpu: { used: 0.97 } }, /used 0\.970 of 1\.00 CPUs/],
  [
    'latency-queue',
    { ...slow, reasons: [{ code: 'queue-grew', values: { arrived: 900, ended: 700 } }] },
    /900 requests arrived and 700 ended/,
  ],
  ['latency-host', { ...slow, reasons: [stolen] }, /hypervisor took 20 %.*3 of 3 trials/],
  ['latency-open', slow, /p50 20\.0 ms, without a balancer 400 µs/],
  ['latency-open', { p50: 0.2, p99: 0.3, control: false }, /p50 200 ms/],

  ['tail-backends', { p50: 0.001, p99: 0.06, controlP99: 0.04 }, /without a balancer p99 40\.0 ms/],
  ['tail-host', { ...tail, reasons: [stolen] }, /p99 40\.0 ms.*hypervisor/],
  ['tail-driver', { ...tail, reasons: [lateTail] }, /1 % of the requests left 20\.0 ms late/],
  ['tail-slow-backend', { ...tail, slowest: { ...slowest, share: 0.1 } }, /backend 3 is slowest/],
  ['tail-queue', { ...tail, cpu: { used: 0.75 } }, /used 0\.750 of 1\.00 CPUs/],
  ['tail-open', tail, /p50 1\.00 ms, p99 40\.0 ms/],

  [
    'driver-limits',
    { ...capacity, isLowerBound: true, bottleneck: 'driver' },
    /no arm was its own/,
  ],
  [
    'backends-limit',
    { ...capacity, speedup: 1.05, bottleneck: 'backends' },
    /2\.00 times the cores gave 1\.05/,
  ],
  ['host-limits', { ...capacity, speedup: 1.05, bottleneck: 'host' }, /gave 1\.05 times/],
  ['target-contends', { ...capacity, speedup: 1.05, bottleneck: 'target' }, /gave 1\.05 times/],
  ['plateau-open', { ...capacity, speedup: 1.05, bottleneck: 'none' }, /gave 1\.05 times/],

  ['backend-unused', { perBackend: [9000, 9000, 0] }, /9000, 9000, 0/],
  ['slow-backend-full', { slowest }, /backend 3 got 33 %, by speed it would be 10 %/],
  ['few-keys', { algorithm: 'ip-hash', perBackend: [9000, 100, 0] }, /algorithm ip-hash/],
  ['shares-open', { perBackend: [9000, 6000, 3000] }, /off by 50 %/],
  ['uneven-workers', { perWorker: [9000, 500], connections: 4 }, /27000, 1500.*4 connections/],

  [
    'one-thread',
    { ...capacity, cpu: { used: 1.1, thread: 0.98, given: 2 } },
    /busiest thread used 0\.980/,
  ],
  ['full-at-rate', { cpu: { used: 0.95 } }, /used 0\.950 of 1\.00 CPUs/],
  ['mostly-kernel', { cpu: { used: 0.7, system: 0.6 } }, /86 % of it in the kernel/],
  [
    'connection-for-each-request',
    { cpu: { used: 0.7, system: 0.6 }, opened: 30_000 },
    /30000 connections for 30000 requests/,
  ],

  [
    'memory-grows',
    { memory: [90, 90, 91, 110, 120, 130, 140, 150, 160, 170] },
    /from 90\.0 MiB to 160 MiB/,
  ],
  ['memory-high', { memory: Array.from({ length: 10 }, () => 2048) }, /peak 2\.00 GiB/],
  [
    'memory-swapped',
    {
      memory: Array.from({ length: 10 }, () => 700),
      reasons: [{ code: 'swapped', values: { pages: 9 } }],
    },
    /peak of the target 700 MiB.*100 % of the trials/,
  ],
]

test.for(
  scenarios.map(
    ([leaf, figures, evidence], i) => [`${leaf} (${i + 1})`, leaf, figures, evidence] as const,
  ),
)('leaf %s is reached', async ([, leaf, figures, evidence]) => {
  const found = leavesIn(symptomsOf(figures)).filter(({ name }) => name === leaf)
  const [one] = found as [Leaf]
  expect(found.map(({ name }) => name)).toContain(leaf)
  expect(one.evidence.join(' | ')).toMatch(evidence)
  expect([one.says, one.advice, one.subject].every((text) => text.length > 5)).toBe(true)
  await expect(parseCommand(one.command)).resolves.toBeUndefined()
})

test('the target’s own cost and memory are looked into by profile and tune, of targets that have them', () => {
  const commandOf = (figures: SymptomFigures, command = ['bench', '--algo', 'maglev']) =>
    leavesIn(symptomsOf({ command, ...figures })).map((one) => one.command)
  const full = { cpu: { used: 0.95 } }
  const kernel = { cpu: { used: 0.7, system: 0.6 } }
  expect(commandOf(full)).toContain('lb profile --algo maglev')
  expect(commandOf(full, ['bench', '-t', 'nginx'])).toContain('lb profile --target nginx')
  expect(commandOf(kernel)).toContain('lb tune --only pooling,read-buffer,access-log')
  for (const [command] of [commandOf(kernel), commandOf(tail)]) {
    const named = command?.match(/--only (\S+)/)?.[1]?.split(',') ?? []
    const known = knobs.filter(({ settings }) => 'reference' in settings).map(({ name }) => name)
    expect(known).toEqual(expect.arrayContaining(named))
  }
  expect(commandOf(kernel, ['bench', '-t', 'nginx']).join()).not.toContain('tune')
  expect(commandOf(full, ['bench', '--url', 'http://127.0.0.1:8080/']).join()).not.toContain(
    'profile',
  )
})

/** Every name of a leaf in the sources of the tree. */
test('every leaf has its scenario', async () => {
  const { globSync, readFileSync } = await import('node:fs')
  const { join } = await import('node:path')
  const folder = join(import.meta.dirname, '../../../src/doctor/symptoms')
  const names = globSync('*.ts', { cwd: folder }).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/name: '([a-z-]+)'/g)].map(
      ([, name = '']) => name,
    ),
  )
  const symptoms = symptomsOf({}).map(({ name }) => name)
  const leaves = new Set(names.filter((name) => !symptoms.includes(name)))
  expect([...new Set(scenarios.map(([leaf]) => leaf))].toSorted()).toEqual([...leaves].toSorted())
})

/** Twenty healthy results: loads, algorithms, phases, with and without a control. */
const healthy: readonly SymptomFigures[] = [
  {},
  { control: false },
  { p50: 0.004, p99: 0.03, controlP50: 0.003, controlP99: 0.02 },
  { p50: 0.05, p99: 0.12, controlP50: 0.045 },
  { p50: 0.0003, p99: 0.01, controlP99: 0.0041 },
  { p50: 0.0003, p99: 0.015, control: false },
  { cpu: { used: 0.6, system: 0.4 } },
  { cpu: { used: 0.3, system: 0.27 } },
  { ...capacity, cpu: { used: 1, system: 0.6 } },
  { ...capacity, cpu: { used: 1.9, thread: 0.99, given: 2 }, perWorker: [5000, 5100] },
  { ...capacity, speedup: 1.9, bottleneck: 'target' },
  { ...capacity, speedup: 1.4, bottleneck: 'driver' },
  { ...capacity, bottleneck: 'target', reasons: [stolen] },
  { ...capacity, p50: 0.3, p99: 2 },
  { perBackend: [5200, 5000, 4800] },
  { perWorker: [5000, 4000], connections: 40 },
  { algorithm: 'consistent-hash', perBackend: [5500, 4700, 4900] },
  { memory: [80, 84, 88, 90, 92, 93, 94, 94, 95, 95] },
  { reasons: [lateTail] },
  { slowest: { backends: [2], share: 0.11, shareBySpeed: 0.1 } },
]

test(`${healthy.length} healthy results give no alarm, and say what was looked at`, () => {
  expect(healthy).toHaveLength(20)
  expect(healthy.flatMap((figures) => leavesIn(symptomsOf(figures)))).toEqual([])
  expect(symptomsOf({}).map(({ state }) => state)).not.toContain('bad')
  expect(symptomsOf({}).every(({ found }) => found.length > 5)).toBe(true)
})

test('the golden result gives no alarm', async () => {
  expect(leavesIn(examineSymptoms(evidenceOfResult(await goldenResult())))).toEqual([])
})

test('a run of a server of the user’s own is proposed without flags that it lacks', async () => {
  const command = ['bench', '--url', 'http://127.0.0.1:8080/', '--fail-on', 'p99>20ms']
  const found = leavesIn(symptomsOf({ command, ...slow, errorKinds: { 'timed out': 3 } }))
  expect(found.map((one) => one.command)).toEqual([
    "lb capacity --slo 'errors<0.1%' --url http://127.0.0.1:8080/",
    'lb bench --url http://127.0.0.1:8080/ --phase latency',
  ])
  for (const one of found) await parseCommand(one.command)
})

/** The example of a load test without its mistakes, with these changes. */
function loadOf(changes: Partial<LoadResult>): LoadResult {
  const example = exampleLoadResult()
  const stages = example.stages.slice(0, 1)
  return loadResult.parse({ ...example, stages, thresholds: [], ...changes })
}
const loadSymptoms = (changes: Partial<LoadResult>) =>
  examineSymptoms(evidenceOfLoad(loadOf(changes)))

test('a load test without a failure has no symptom', () => {
  expect(leavesIn(loadSymptoms({}))).toEqual([])
})

test('a load test: statuses, missed limits, visits that were not sent, and a full driver', async () => {
  const { stages, thresholds, drivers } = exampleLoadResult()
  const found = leavesIn(loadSymptoms({ stages, thresholds }))
  expect(found.map(({ name }) => name)).toEqual([
    ...['not-sent', 'server-error', 'latency-open', 'plateau-open'],
  ])
  expect(found.map(({ evidence }) => evidence.join(' ')).join(' ')).toMatch(
    /p99 < 1ms @ hold: 5\.00 ms.*2,700 of 3,000 visits were sent/,
  )
  const busy = leavesIn(loadSymptoms({ stages, drivers: { ...drivers, busy: 0.99 } }))
  expect(busy.map(({ name }) => name)).toContain('driver-limits')
  const target = { ...{ role: 'target' as const, cpuSeconds: 29.5, cpusGiven: 1 }, rssPeak: 1e8 }
  const full = leavesIn(loadSymptoms({ stages, processes: [target] }))
  expect(full.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['full-at-rate', 'target-contends']),
  )
  for (const one of [...found, ...busy, ...full]) await parseCommand(one.command)
})
