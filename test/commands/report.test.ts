import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reports } from '../../reports/formats/index.ts'
import { writeResult } from '../../src/result/write.ts'
import { exampleChoice, exampleSimulation } from '../support/choice/example-choice.ts'
import { lb } from '../support/processes/lb-in-process.ts'
import { exampleResult } from '../support/results/example-result.ts'

const example = exampleResult()
let folder: string
let result: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-report-'))
  result = join(folder, 'r.json')
  await writeResult(example, { path: result, force: false })
})
afterAll(() => rm(folder, { recursive: true }))

test('prints one screen by default, and everything with --full', async () => {
  const { stdout, error } = await lb(`report ${result}`)
  expect(error).toBeUndefined()
  expect(stdout).toMatch(/^lb bench +default: /)
  expect(stdout).toMatch(/^Trust +MEDIUM: /m)
  const full = await lb(`report ${result} --full`)
  expect(full.stdout).toMatch(/^algorithm +cores +req\/s/m)
})

// A format is also known by the extension of its files.
test.for([...reports.map(({ format }) => format), 'md', 'txt'])('renders %s', async (format) => {
  const { stdout } = await lb(`report ${result} --format ${format}`)
  expect(stdout).toContain('round-robin')
})

test('renders simulations and choices, always marked', async () => {
  for (const one of [exampleSimulation, exampleChoice()]) {
    const file = join(folder, `${one.format}.json`)
    await writeResult(one, { path: file, force: false })
    for (const format of ['table', 'markdown', 'html']) {
      const { stdout, error } = await lb(`report ${file} --format ${format}`)
      expect(error).toBeUndefined()
      expect(stdout).toContain('SIMULATED')
      expect(stdout).toContain('least-connections')
    }
    const json = await lb(`report ${file} --format json`)
    expect(JSON.parse(json.stdout)).toMatchObject({ format: one.format, simulated: true })
    const charts = await lb(`report ${file} --charts ${join(folder, 'charts')}`)
    expect(charts.stderr).toMatch(/^lb: the charts of a \w+ are in its page only/)
    const other = await lb(`report ${file} --format junit`)
    expect(other.stderr).toMatch(/^lb: a \w+ has no report of format junit/)
    const compared = await lb(`compare ${file} ${file}`)
    expect(compared.stderr).toMatch(/is the result of a \w+: show it with "lb report"/)
  }
})

test('writes to a file, without colour, and leaves an existing one alone', async () => {
  const output = join(folder, 'report.txt')
  expect(await lb(`report ${result} --output ${output}`)).toMatchObject({ stdout: '' })
  const written = await readFile(output, 'utf8')
  expect(written).toMatch(/^algorithm/m)
  expect(written).not.toContain('\u001b')

  const again = await lb(`report ${result} --output ${output} --format csv`)
  expect(again.stderr).toBe(
    `lb: ${output} exists: name another file, or add --force to overwrite it\n`,
  )
  expect(again.error?.oclif?.exit).toBe(2)
  expect(await readFile(output, 'utf8')).toBe(written)

  await lb(`report ${result} --output ${output} --format csv --force`)
  expect(await readFile(output, 'utf8')).toMatch(/^arm,/)
})

test('the extension of the file decides on the format, unless --format does', async () => {
  const output = (name: string) => join(folder, `by-name${name}`)
  await lb(`report ${result} --output ${output('.md')}`)
  expect(await readFile(output('.md'), 'utf8')).toMatch(/^## Load balancers: /)
  await lb(`report ${result} --output ${output('.csv')} --format markdown`)
  expect(await readFile(output('.csv'), 'utf8')).toMatch(/^## Load balancers: /)
  await lb(`report ${result} --output ${output('.log')}`)
  expect(await readFile(output('.log'), 'utf8')).toMatch(/^algorithm/m)
})

test('under --json the result itself is printed', async () => {
  const { stdout } = await lb(`report ${result} --json`)
  expect(JSON.parse(stdout)).toEqual(example)
})

test.for([
  ['report nowhere.json', 'lb: cannot read nowhere.json (ENOENT)'],
  ['report r.json --format tabel', 'lb: unknown format "tabel" in --format: did you mean table?'],
  ['report r.json --froce', 'lb: unknown flag --froce: did you mean --force?'],
  ['report r.json --force', 'lb: --force needs --output or --charts: see "lb report --help"'],
  ['report r.json --max-bytes 0', 'lb: --max-bytes "0" is not an integer of 1 or more'],
])('%s is refused in one line', async ([args, start]) => {
  const { stderr, error } = await lb(args as string)
  expect(stderr.startsWith(start as string), stderr).toBe(true)
  expect(stderr.trimEnd()).not.toContain('\n')
  expect(error?.oclif?.exit).toBe(2)
})

test('a format that cannot be truncated is refused when it is too long', async () => {
  const output = join(folder, 'too-long.csv')
  const { stderr, error } = await lb(`report ${result} --output ${output} --max-bytes 1000`)
  expect(stderr).toMatch(
    /^lb: this result takes \d+ bytes as csv, and --max-bytes allows 1000: only markdown/,
  )
  expect(error?.oclif?.exit).toBe(2)
  expect(await readdir(folder)).not.toContain('too-long.csv')
  const short = await lb(`report ${result} --format markdown --max-bytes 6000`)
  expect(Buffer.byteLength(short.stdout)).toBeLessThanOrEqual(6000)
})

test('a damaged result is refused under --json too', async () => {
  const damaged = join(folder, 'damaged.json')
  await writeFile(damaged, (await readFile(result, 'utf8')).slice(0, 4000))
  const { stdout, stderr, error } = await lb(`report ${damaged} --json`)
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'LB_USAGE', exitCode: 2, message: expect.stringContaining('is cut off') },
  })
  expect(stderr).toBe('')
  expect(error?.oclif?.exit).toBe(2)
})

test('--charts writes each chart into a file, and markdown embeds them', async () => {
  const charts = join(folder, 'charts#1')
  const output = join(folder, 'report.md')
  const { error } = await lb(
    `report ${result} --format markdown --output ${output} --charts ${charts}`,
  )
  expect(error).toBeUndefined()
  const files = await readdir(charts)
  expect(files).toContain('throughput.svg')
  const shown = [...(await readFile(output, 'utf8')).matchAll(/^!\[.*?\]\((.*?)\)$/gm)]
  expect(shown.map(([, url = '']) => decodeURIComponent(url)).toSorted()).toEqual(
    files.map((file) => `charts#1/${file}`).toSorted(),
  )
  const svg = await readFile(join(charts, 'throughput.svg'), 'utf8')
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" .*<\/svg>\n$/s)
  expect(svg).toContain('prefers-color-scheme:dark')
})

test('--charts overwrites nothing without --force, and writes all or none', async () => {
  const charts = join(folder, 'kept')
  await mkdir(charts)
  await writeFile(join(charts, 'memory.svg'), 'mine')
  const refused = await lb(`report ${result} --charts ${charts}`)
  expect(refused.stderr).toContain('memory.svg exists')
  expect(refused.error?.oclif?.exit).toBe(2)
  expect(await readdir(charts)).toEqual(['memory.svg'])
  await lb(`report ${result} --charts ${charts} --force`)
  expect(await readFile(join(charts, 'memory.svg'), 'utf8')).toContain('<svg')
})
