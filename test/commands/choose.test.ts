import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { choose } from '../../src/app/choose.ts'
import type { Invocation } from '../../src/cli/invocation.ts'
import { seeded } from '../../src/kit/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'lb-choose-'))

function write(name: string, content: string | Buffer) {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function scenario(name: string, backends: readonly string[]) {
  const rows = backends.map((row) => `  - { ${row} }`)
  return write(`${name}.yaml`, ['question: Which?', 'backends:', ...rows].join('\n'))
}

/** 4,000 Poisson arrivals at 250 req/s of clients, one of which sends the given share. */
function log(largestShare: number) {
  const random = seeded(7)
  let seconds = 0
  return Array.from({ length: 4000 }, () => {
    seconds += -Math.log(1 - random()) / 250
    const client = random() < largestShare ? 1 : 2 + Math.floor(random() * 200)
    const time = new Date(Date.UTC(2026, 9, 10) + seconds * 1000).toISOString()
    return `{"start_time":"${time}","duration":0,"downstream_remote_address":"10.0.${client}.7:5000"}\n`
  }).join('')
}

const even = write('even.log', log(0))
const skewed = write('skewed.log.gz', gzipSync(log(0.6)))
const equalBackends = scenario('equal', ['count: 4, serviceTime: exponential 8ms, concurrency: 1'])
const slowBackend = scenario('slow', [
  'count: 3, serviceTime: exponential 8ms, concurrency: 2',
  'count: 1, serviceTime: exponential 32ms, concurrency: 2',
])
const defaults = {
  ...{ 'allow-unparsed': false, requests: 4000, replications: 6, seed: 1, clients: 10, skew: '0' },
  ...{ confirm: false, 'max-time': 90, keep: false, force: false },
}

async function run(name: string | undefined, flags: Partial<Parameters<typeof choose>[1]> = {}) {
  let text = ''
  const invocation: Invocation = {
    version: '0',
    commandLine: ['choose'],
    json: false,
    render: { width: 120, colour: false, unicode: true },
    print: (part) => {
      text += part
    },
    note: () => {},
    fail: () => {},
    endWith: () => {},
  }
  const document = await choose(name, { ...defaults, format: 'table', ...flags }, invocation)
  return { document, text: text.replace(/\s+/g, ' ') }
}

test('one slow backend: counts of requests in flight are better than turns', async () => {
  const algo = ['round-robin', 'least-connections']
  const { document, text } = await run(slowBackend, {
    ...{ log: even, algo, slo: 'p99<150ms', requests: 2000 },
  })
  expect(document.ranking).toMatchObject({
    best: 'least-connections',
    asGood: ['least-connections'],
  })
  expect(document.outcomes).toEqual({ 'round-robin': 'missed', 'least-connections': 'met' })
  expect(text).toContain('SIMULATED, NOT CONFIRMED')
  expect(text).toContain('least-connections: the lowest p99. All others are worse.')
  expect(text).toContain('is missed by round-robin')
})

test('skewed keys: a hash of the client overloads one backend; a gzip file is read', async () => {
  const algo = ['consistent-hash', 'least-connections']
  const { document } = await run(equalBackends, { log: skewed, algo })
  expect(document.ranking).toMatchObject({
    best: 'least-connections',
    asGood: ['least-connections'],
  })
  const hashed = document.result.algorithms.find(({ name }) => name === 'consistent-hash')
  expect(Math.max(...(hashed?.shares ?? []))).toBeGreaterThan(0.6)
})

test('backends without a queue that are all equal: any will do', async () => {
  const many = scenario('many', ['count: 4, serviceTime: exponential 8ms, concurrency: 100'])
  const { document, text } = await run(many, { log: even, requests: 1500 })
  expect(document.ranking?.asGood).toHaveLength(document.result.algorithms.length)
  expect(text).toContain('Any will do')
})

test('a scenario without a log has arrivals of its own; the algorithm in use is simulated in any case', async () => {
  const flags = { load: 0.5, requests: 1000, algo: ['least-connections'], 'in-use': 'weighted' }
  const { document, text } = await run(equalBackends, flags)
  expect(document).toMatchObject({ inUse: 'weighted', result: { rate: 250, capacity: 500 } })
  expect(document).not.toHaveProperty('log')
  expect(document.result.algorithms.map(({ name }) => name).toSorted()).toEqual([
    ...['least-connections', 'weighted'],
  ])
  expect(text).toContain('weighted (in use)')
  expect(text).toContain('each the same for all algorithms')
  await expect(run(equalBackends, { ...flags, load: 1.2 })).rejects.toThrow(
    'the 600 req/s are 120 % of what the backends can serve (500 req/s)',
  )
  await expect(run(undefined, flags)).rejects.toThrow('there is no traffic to choose for')
})

test('the algorithm in use is the only one of a scenario, or round robin if it may be chosen', async () => {
  const path = write(
    'weighted.yaml',
    'question: Which?\nalgorithms: [weighted]\nbackends: { serviceTime: 5ms, concurrency: 1 }\n',
  )
  const few = { load: 0.5, requests: 50, replications: 1 }
  expect((await run(path, few)).document.inUse).toBe('weighted')
  expect((await run(equalBackends, few)).document.inUse).toBe('round-robin')
  expect((await run(equalBackends, { ...few, algo: ['random'] })).document).not.toHaveProperty(
    'inUse',
  )
})

test('with an objective, the rate up to which each algorithm meets it is found', async () => {
  const algo = ['round-robin', 'least-connections']
  const { document, text } = await run(slowBackend, {
    ...{ log: even, algo, slo: 'p99<150ms', requests: 1500, replications: 3 },
  })
  const [best, inUse] = document.rates?.algorithms ?? []
  expect([best?.name, inUse?.name]).toEqual(['least-connections', 'round-robin'])
  expect(inUse?.rate?.high).toBeLessThan(best?.rate?.low ?? 0)
  expect(inUse?.rate?.high).toBeLessThan(document.result.rate)
  expect(text).toMatch(/round-robin misses p99<150ms above \d+/)
})

test('a time that is too short for a run on real processes is refused before anything is simulated', async () => {
  await expect(run(equalBackends, { confirm: true, 'max-time': 20 })).rejects.toThrow(
    'the confirmation of 3 algorithms takes about 39 s, more than --max-time 20s',
  )
})

test('a file has the choice as its extension says, and is refused before the run where there is no such report', async () => {
  const flags = { log: even, algo: ['random', 'round-robin'], requests: 200 }
  const output = join(folder, 'choice.html')
  await run(equalBackends, { ...flags, output })
  expect(readFileSync(output, 'utf8')).toContain('<svg')
  await expect(
    run(equalBackends, { ...flags, output: join(folder, 'choice.svg') }),
  ).rejects.toThrow('a choice has no report of format svg')
})

test('a load beyond the capacity is refused before the run, unless a time is given', async () => {
  const algo = ['round-robin']
  await expect(run(equalBackends, { log: even, algo, speed: 4 })).rejects.toThrow(
    /req\/s of the log are 2\d\d % of what the backends can serve \(500 req\/s\)/,
  )
  const { document } = await run(equalBackends, { log: even, algo, speed: 4, horizon: 1 })
  expect(document.log?.seconds).toBeLessThanOrEqual(1)
  expect(document.requests).toBeLessThan(1500)
})

test('every format is marked, the same seed gives the same bytes, and others are refused', async () => {
  const algo = ['random', 'round-robin']
  const flags = { log: even, algo, requests: 200 }
  expect((await run(equalBackends, { ...flags, format: 'markdown' })).text).toContain(
    'NOT CONFIRMED',
  )
  const json = async () => (await run(equalBackends, { ...flags, format: 'json' })).text
  expect(JSON.parse(await json())).toMatchObject({
    ...{ format: 'lb-choice', simulated: true, confirmed: false },
    log: { format: 'envoy', isTruncated: true, isSpread: false },
  })
  expect(await json()).toBe(await json())
  await expect(run(equalBackends, { ...flags, format: 'csv' })).rejects.toThrow(
    'a choice has no report of format csv',
  )
})

test('files that cannot be read and objectives that are not simulated are refused', async () => {
  await expect(run(equalBackends, { log: join(folder, 'none.log') })).rejects.toThrow(
    /cannot read the log .*none\.log: ENOENT/,
  )
  const broken = write('broken.gz', 'no gzip')
  await expect(run(equalBackends, { log: broken })).rejects.toThrow(/broken\.gz: Z_DATA_ERROR/)
  const long = write('long.log', 'x'.repeat(200_000))
  await expect(run(equalBackends, { log: long })).rejects.toThrow('is longer than 64 KiB')
  await expect(run(equalBackends, { log: even, slo: 'p95<20ms' })).rejects.toThrow(
    'does not have the percentile of p95<20ms',
  )
})
