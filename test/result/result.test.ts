import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ResultDocument } from '../../src/result/document.ts'
import { migrate } from '../../src/result/migrate.ts'
import { readResult } from '../../src/result/read.ts'
import { resultText } from '../../src/result/text.ts'
import { writeResult } from '../../src/result/write.ts'
import { exampleResult } from '../support/results/example-result.ts'

const example = exampleResult()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-result-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(text: string) {
  const file = join(folder, 'edited.json')
  await writeFile(file, text)
  return readResult(file)
}

/** The example as stored, with one thing changed by hand. */
function edited(change: (document: Record<string, never> & ResultDocument) => void): string {
  const document = structuredClone(example)
  change(document as never)
  return JSON.stringify(document)
}

test('what was written is read as it was', async () => {
  const path = join(folder, 'whole.json')
  await writeResult(example, { path, force: false })
  expect(await readResult(path)).toEqual(example)
})

test('lists of numbers stand on one line, so that a result can be compared by line', () => {
  expect(resultText(example)).toMatch(/^ +"bins": \[[\d,]+\],?$/m)
  const tricky = { ...example, command: ['[\n 1,\n 2 ]', '[ 1, 2 ]'] }
  expect(JSON.parse(resultText(tricky))).toEqual(tricky)
})

test('a document that is not one is not written', async () => {
  const path = join(folder, 'never.json')
  const wrong = { ...example, version: 3 } as never
  await expect(writeResult(wrong, { path, force: false })).rejects.toThrow()
  expect(await readdir(folder)).not.toContain('never.json')
})

test.for<[string, () => string, RegExp]>([
  ['cut off', () => resultText(example).slice(0, 5000), /edited\.json is cut off \(/],
  ['empty', () => '', /is cut off \(/],
  ['no JSON', () => 'algorithm,cores }', /is not JSON \(/],
  ['other JSON', () => '{"hello": "world"}', /is not a result of lb \(field format is invalid\)/],
  ['a list', () => '[]', /is not a result of lb/],
  [
    'newer',
    () => edited((d) => Object.assign(d, { version: 3 })),
    /has version 3, and this lb reads 2$/,
  ],
  ['older than any', () => edited((d) => Object.assign(d, { version: 0 })), /has version 0/],
  [
    'without version',
    () => edited((d) => Object.assign(d, { version: null })),
    /field version is invalid/,
  ],
  [
    'a figure that is a text',
    () =>
      edited((d) => Object.assign(d.findings[0]?.metrics.throughput as object, { center: '9' })),
    /, field findings\.0\.metrics\.throughput\.center: /,
  ],
  [
    'a field too many',
    () => edited((d) => Object.assign(d.host, { gpu: 1 })),
    /, field host\.gpu: /,
  ],
  [
    'a field too few',
    () => edited((d) => Object.assign(d, { host: { ...d.host, kernel: undefined } })),
    /, field host\.kernel: /,
  ],
  [
    'an arm renamed in one place',
    () => edited((d) => Object.assign(d.findings[1] as object, { arm: 'fastest' })),
    /, field findings\.1\.arm: the plan has no arm "fastest"$/,
  ],
  [
    'a histogram that is none',
    () => edited((d) => Object.assign(d.trials[2] as object, { latency: 'HISTFAAA' })),
    /, field trials\.2\.latency: not an HDR histogram$/,
  ],
])('a result that is %s is refused in one line', async ([, text, message]) => {
  await expect(read(text())).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/./),
  })
})

test('a result that is not there is refused with its path', async () => {
  const file = join(folder, 'nowhere.json')
  await expect(readResult(file)).rejects.toMatchObject({
    exitCode: 2,
    message: `cannot read ${file} (ENOENT)`,
  })
})

test('an older version walks up step by step, and stops where a step is missing', () => {
  const steps = {
    1: (older: object) => ({ ...older, version: 2, b: true }),
    2: (older: object) => ({ ...older, version: 3, c: true }),
  }
  const older = { version: 1 }
  expect(migrate(older, { from: 1, to: 3, steps })).toEqual({ version: 3, b: true, c: true })
  expect(migrate(older, { from: 1, to: 4, steps })).toBeUndefined()
  expect(migrate(older, { from: 1, to: 1, steps })).toBe(older)
})

test('a full disk leaves the old file whole, and nothing beside it', async () => {
  const path = join(folder, 'old.json')
  await writeFile(path, 'the old one')
  const before = await readdir(folder)
  // A limit on the size of files stands in for the disk: writing beyond it fails in the same place.
  const script = `
    import { writeOutput } from ${JSON.stringify(import.meta.resolve('../../src/kit/output.ts'))}
    process.on('SIGXFSZ', () => {})
    const text = 'x'.repeat(1_000_000)
    await writeOutput({ path: ${JSON.stringify(path)}, force: true }, text)
      .catch(({ message, exitCode }) => console.log(exitCode, message))`
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    'ulimit -f 16; exec "$0" --input-type=module -e "$1"',
    process.execPath,
    script,
  ])
  expect(stdout).toBe(`2 cannot write ${path} (EFBIG)\n`)
  expect(await readFile(path, 'utf8')).toBe('the old one')
  expect(await readdir(folder)).toEqual(before)
})

test('a result with a byte order mark is read', async () => {
  expect(await read(`\uFEFF${resultText(example)}`)).toEqual(example)
})

test('a result is readable by its owner only', async () => {
  const path = join(folder, 'private.json')
  await writeResult(example, { path, force: false })
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('fields nested without end are one error', async () => {
  const depth = 200_000
  const text = resultText(example).replace(
    '"command": [',
    `"command": [${'['.repeat(depth)}${']'.repeat(depth)},`,
  )
  await expect(read(text)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('nested more than 64 deep'),
  })
})

test('a file without an end is read no further than a result may be long', async () => {
  await expect(readResult('/dev/zero')).rejects.toMatchObject({
    exitCode: 2,
    message: 'cannot read /dev/zero (more than 128 MiB)',
  })
})
