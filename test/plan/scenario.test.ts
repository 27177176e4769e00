import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readScenario, shippedScenarios } from '../../src/plan/scenarios.ts'

const algorithms = ['round-robin', 'least-connections', 'weighted']
const registry = {
  algorithms: algorithms.map((name) => ({ name })),
  targets: [{ name: 'reference', algorithms }],
  control: 'direct',
}
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-scenario-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(text: string) {
  const file = join(folder, 'mine.yaml')
  await writeFile(file, text)
  return readScenario(file, registry)
}

test.for(await shippedScenarios())('the shipped scenario %s is valid', async (name) => {
  expect(await readScenario(name, registry)).toMatchObject({
    name,
    question: expect.stringMatching(/\?$/),
  })
})

test('the scenarios for the basic questions are shipped', async () => {
  expect(await shippedScenarios()).toEqual(
    expect.arrayContaining(['default', 'scaling', 'smoke', 'unequal-backends']),
  )
})

test('a minimal scenario has the defaults', async () => {
  expect(await read('question: Why?\nbackends: {}\n')).toEqual({
    name: 'mine',
    question: 'Why?',
    algorithms: ['all'],
    targets: ['reference'],
    cores: [1],
    connections: 40,
    warmup: { least: 1, most: 2 },
    duration: 5,
    trials: 3,
    timeout: 10,
    phase: 'both',
    arrivals: 'poisson',
    control: true,
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    backends: [
      {
        weight: 1,
        serviceTime: { kind: 'none' },
        responseBytes: 128,
        concurrency: 0,
        errorRate: 0,
      },
    ],
  })
})

test('backends are one group with a count, or a list of groups', async () => {
  const one = await read('question: Why?\nbackends: { count: 3, weight: 2 }\n')
  expect(one.backends.map(({ weight }) => weight)).toEqual([2, 2, 2])
  const two = await read('question: Why?\nbackends: [{ count: 2, weight: 5 }, { weight: 1 }]\n')
  expect(two.backends.map(({ weight }) => weight)).toEqual([5, 5, 1])
})

test.for([
  ['none', { kind: 'none' }],
  ['5ms', { kind: 'fixed', seconds: 0.005 }],
  ['0', { kind: 'none' }],
  ['exponential 5ms', { kind: 'exponential', mean: 0.005 }],
  ['lognormal 200us 0.5', { kind: 'lognormal', median: 0.0002, sigma: 0.5 }],
] as const)('the service time "%s" is read', async ([text, serviceTime]) => {
  const { backends } = await read(`question: Why?\nbackends: { serviceTime: ${text} }\n`)
  expect(backends[0]?.serviceTime).toEqual(serviceTime)
})

test.for([
  ['warmup: 2s', { least: 2, most: 4 }],
  ['warmup: 0', { least: 0, most: 0 }],
  ['warmup: { min: 1s, max: 5s }', { least: 1, most: 5 }],
  ['warmup: { least: 1s, most: 5s }', { least: 1, most: 5 }],
] as const)('%s is read', async ([text, warmup]) => {
  expect(await read(`question: Why?\nbackends: {}\n${text}\n`)).toMatchObject({ warmup })
})

test.for([
  ['algo: weighted', { algorithms: ['weighted'] }],
  ['algorithms: weighted,round-robin', { algorithms: ['weighted', 'round-robin'] }],
  ['target: reference', { targets: ['reference'] }],
  ['cores: 1,2', { cores: [1, 2] }],
  ['arrivals: constant', { arrivals: 'constant' }],
  ['spacing: constant', { arrivals: 'constant' }],
  ['max-time: 2m30s', { maxTime: 150 }],
  ['warmup: { least: 300ms, most: 2s }', { warmup: { least: 0.3, most: 2 } }],
  [
    'request: { header: { x-a: b }, body-bytes: 3 }',
    { request: { headers: { 'x-a': 'b' }, bodyBytes: 3 } },
  ],
] as const)('%s: fields have the names and the grammar of flags, too', async ([text, read_]) => {
  expect(await read(`question: Why?\nbackends: 1\n${text}\n`)).toMatchObject(read_)
})

test('backends as in flags: their number; service times with colons, shares with %, fields with dashes', async () => {
  expect((await read('question: q\nbackends: 3')).backends).toHaveLength(3)
  const { backends } = await read(
    'question: q\nbackends: { service-time: "exponential:5ms", errorRate: 2% }',
  )
  expect(backends).toMatchObject([
    { serviceTime: { kind: 'exponential', mean: 0.005 }, errorRate: 0.02 },
  ])
})

test('all mistakes of a file are reported at once, each with its line, missing fields last', async () => {
  const text = [
    'algorithms: [weighted, rond-robin]',
    'trails: 3',
    'duration: soon',
    'bakends:',
    '  - { count: 0 }',
    'request: { method: FETCH, pth: / }',
    'stages: []',
  ].join('\n')
  const error = await read(text).then(
    () => undefined,
    (thrown) => thrown,
  )
  const lines = [error, ...error.others].map(({ message, hint }) =>
    `${message}: ${hint}`
      .replace(/^.*mine.yaml, /, '')
      .replace(/(?<=[?]|unknown.*fields are).*/, ''),
  )
  expect(lines).toEqual([
    'line 1: algorithms[2] is "rond-robin": did you mean round-robin?',
    'line 2: unknown field "trails": did you mean trials?',
    'line 3: duration is "soon": give a duration above 0 to 24h, such as 5s or 500ms',
    'line 4: unknown field "bakends": did you mean backends?',
    'line 6: request.method is "FETCH": give one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    'line 6: unknown field "request.pth": did you mean path?',
    'line 7: unknown field "stages": give them under load: see docs/guide/load-tests.md',
    'line 1: question is missing: give the question of the scenario in one line',
  ])
})

test('faults are checked with the fields that they need, also where another field is invalid', async () => {
  const text = 'question: q\ntrials: 0\nbackends: 1\nfaults: [{ at: 9s, backend: 4, do: kill }]\n'
  await expect(read(text)).rejects.toMatchObject({
    message: expect.stringContaining('line 2: trials is 0'),
    others: [
      { message: expect.stringContaining('line 4: faults[1].backend is 4') },
      { message: expect.stringContaining('line 1: phase is missing') },
      { message: expect.stringContaining('line 1: rate is missing') },
      { message: expect.stringContaining('line 1: control is missing') },
    ],
  })
})

test.for([
  ['duration: soon', 'line 3: duration is "soon"', /^give a duration above 0 to 24h, such as 5s/],
  ['duration: 0', 'line 3: duration is 0', /^give a duration above 0/],
  ['duration: -1s', 'line 3: duration is "-1s"', /^give a duration above 0/],
  ['trials: 0', 'line 3: trials is 0', /^give an integer from 1 to /],
  ['trials: 2.5', 'line 3: trials is 2.5', /^give an integer from 1 to /],
  ['connections: many', 'line 3: connections is "many"', /^give an integer/],
  ['cores: [1, 0]', 'line 3: cores[2] is 0', /^give an integer from 1 to /],
  ['cores: []', 'line 3: cores is []', /^give at least one number of cores/],
  [
    'durations: 5s',
    'line 3: unknown field "durations"',
    /^did you mean duration\? the fields are /,
  ],
  ['algorithms: rond-robin', 'line 3: algorithms is "rond-robin"', /^did you mean round-robin\?/],
  [
    'algorithms:\n  - weighted\n  - xyzzy',
    'line 5: algorithms[2] is "xyzzy"',
    /^it is one of round-robin, .*, or all$/,
  ],
  ['targets: refrence', 'line 3: targets is "refrence"', /^did you mean reference\?/],
  ['warmup: { min: 2s, max: 1s }', 'line 3: warmup is ', /^max must not be less than min/],
  ['stages: [{ target: 5 }]', 'line 3: unknown field "stages"', /^give them under load: see /],
  ['vus: 10', 'line 3: unknown field "vus"', /^give connections/],
  [
    'algo: weighted\nalgorithms: weighted',
    'line 3: unknown field "algo"',
    /^it is another name of algorithms/,
  ],
  ['algo: rond-robin', 'line 3: algo is "rond-robin"', /^did you mean round-robin/],
  ['backends: 0', 'line 3: field "backends" is repeated', /keep one/],
  ['request: { method: FETCH }', 'line 3: request.method is "FETCH"', /^give one of GET, /],
  ['request: { path: nowhere }', 'line 3: request.path is "nowhere"', /^give a path such as/],
  ['request: GET', 'line 3: request is "GET"', /^the fields are method, /],
  ['cores: 1\ncores: 2', 'line 4: field "cores" is repeated', /keep one/],
  ['---\nquestion: Why?', 'line 3: a second document begins here', /correct/],
  ['? [a, b]\n: 1', 'line 3: the name of a field is a list or a map', /correct/],
  ['rate: .inf', 'line 3: rate is ', /up to 10,000,000/],
  ['connections: 65536', 'line 3: connections is 65536', /from 1 to 65,535$/],
  ['cores: 2000', 'line 3: cores is 2000', /from 1 to 1,024$/],
  ['trials: 1e6', 'line 3: trials is 1000000', /from 1 to 10,000$/],
  ['duration: 600h', 'line 3: duration is "600h"', /to 24h/],
  ['timeout: 1000h', 'line 3: timeout is "1000h"', /to 24h/],
  ['request: { bodyBytes: 1e12 }', 'line 3: request.bodyBytes is', /from 0 to 67,108,864$/],
  ['cores: [1', 'not valid YAML', /correct/],
] as const)('%s is refused with its line and a remedy', async ([text, message, hint]) => {
  await expect(read(`question: Why?\nbackends: {}\n${text}\n`)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(message),
    hint: expect.stringMatching(hint),
  })
})

test.for([
  ['a field of many lists in lists', `question: ${'['.repeat(2000)}`, /nested too deeply/],
  [
    'more backends than there may be',
    'question: q\nbackends: { count: 1001 }',
    /backends.count is 1001/,
  ],
  [
    'many groups of backends',
    `question: q\nbackends: [${'{ count: 500 },'.repeat(3)}]`,
    /backends is /,
  ],
  [
    'aliases that multiply',
    `a: &a [${'x,'.repeat(9)}]\n${['b', 'c', 'd', 'e'].map((name, i) => `${name}: &${name} [${`*${'abcde'[i]},`.repeat(9)}]`).join('\n')}`,
    /aliases cannot be resolved/,
  ],
  ['a file without an end', `question: ${'x'.repeat(2 ** 20)}`, /\(more than 1 MiB\)/],
] as const)('%s is one error', async ([, text, message]) => {
  await expect(read(text)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(message),
  })
})

test('fields of another group are merged (<<), and a byte order mark is skipped', async () => {
  const text = 'question: q\nbackends:\n  - &a { weight: 2 }\n  - { <<: *a, responseBytes: 9 }\n'
  const { backends } = await read(`\uFEFF${text}`)
  expect(backends.map(({ weight, responseBytes }) => [weight, responseBytes])).toEqual([
    [2, 128],
    [2, 9],
  ])
})

test('a file with very many fields takes no longer than its size', async () => {
  const fields = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join('\n')
  const error = await read(`question: q\n${fields}`).catch((thrown) => thrown)
  expect(error).toMatchObject({ exitCode: 2 })
  expect(error.others).toHaveLength(20)
  expect(error.others.at(-1).message).toMatch(/has more mistakes$/)
})

test.for([
  ['backends: {}', 'line 1: question is missing', 'give the question of the scenario in one line'],
  ['question: Why?', 'line 1: backends is missing', 'describe at least one backend'],
  [
    'question: Why?\nbackends:\n  - weight: 1\n  - wieght: 2',
    'line 4: unknown field "backends[2].wieght"',
    'did you mean weight? the fields are count, weight, serviceTime, responseBytes, concurrency, errorRate',
  ],
  [
    'question: Why?\nbackends:\n  count: 2\n  serviceTime: exponential',
    'line 4: backends.serviceTime is "exponential"',
    'give none, a duration such as 5ms, "exponential 5ms" or "lognormal 5ms 0.5"',
  ],
  [
    'question: Why?\nbackends:\n  errorRate: 2',
    'line 3: backends.errorRate is 2',
    'give a fraction from 0 to 1, such as 0.01',
  ],
  [
    'question: Why?\nbackends: { weight: -1 }',
    'backends.weight is -1',
    'give an integer from 0 to 65,535',
  ],
  ['question: Why?\nbackends: { weight: 0 }', 'line 2: backends is', 'give one a weight above 0'],
  ['', 'line 1: the file is', 'the fields are question, algorithms'],
  ['just words', 'line 1: the file is "just words"', 'the fields are question, algorithms'],
] as const)('the file %j is refused: %s', async ([text, message, hint]) => {
  await expect(read(text)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  })
})

test('the error names the file that cannot be read, or the nearest scenario', async () => {
  await expect(readScenario('./nowhere.yaml', registry)).rejects.toMatchObject({
    exitCode: 2,
    message: 'cannot read ./nowhere.yaml (ENOENT)',
  })
  await expect(readScenario(folder, registry)).rejects.toMatchObject({
    message: `cannot read ${folder} (EISDIR)`,
  })
  await expect(readScenario('smok', registry)).rejects.toMatchObject({
    message: 'unknown scenario "smok"',
    hint: expect.stringMatching(/^did you mean smoke\?/),
  })
})

test.for([
  ['constructor: 1', 'unknown field "constructor"'],
  ['__proto__: 1', 'unknown field "__proto__"'],
  ['data: { constructor: x.csv }', 'data'],
  ['targets: { toString: {} }', 'targets'],
])(
  '%s is a mistake like any other, though each object has such a field',
  async ([text, message]) => {
    await expect(read(`question: Why?\nbackends: {}\n${text}\n`)).rejects.toThrow(message)
  },
)
