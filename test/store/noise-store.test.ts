import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Noise, readNoise, storeNoise } from '../../src/store/noise-store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const noise = (floor: number, fingerprint = 'abc'): Noise => ({
  format: 'lb-noise',
  version: 1,
  fingerprint,
  measuredAt: '2026-03-01T12:00:00.000Z',
  floors: { throughput: floor },
})
const env = () => ({ XDG_STATE_HOME: folder })

test('a stored noise floor is read back for its own host only', async () => {
  await storeNoise(noise(0.04), env())
  await storeNoise(noise(0.09, 'other'), env())
  expect(await readNoise('abc', env())).toEqual(noise(0.04))
  expect(await readNoise('never', env())).toBeUndefined()
})

test('a newer noise floor replaces an older one', async () => {
  await storeNoise(noise(0.04), env())
  const path = await storeNoise(noise(0.05), env())
  expect((await readNoise('abc', env()))?.floors.throughput).toBe(0.05)
  expect(await readdir(join(folder, 'lb'))).toEqual(['noise-abc.json'])
  expect(path).toBe(join(folder, 'lb', 'noise-abc.json'))
})

test.for([
  ['cut off', '{"format":"lb-noise","ver'],
  ['of another version', JSON.stringify({ ...noise(0.04), version: 2 })],
  ['with a floor below 0', JSON.stringify(noise(-1))],
  ['with an unknown metric', JSON.stringify({ ...noise(0.04), floors: { speed: 1 } })],
  ['empty', ''],
])('a file that is %s counts as missing, and is replaced', async ([, text]) => {
  const path = await storeNoise(noise(0.04), env())
  await writeFile(path, text as string)
  expect(await readNoise('abc', env())).toBeUndefined()
  await storeNoise(noise(0.06), env())
  expect(await readNoise('abc', env())).toEqual(noise(0.06))
})

test('an invalid noise floor is not stored', async () => {
  await expect(storeNoise(noise(Number.NaN), env())).rejects.toThrow()
  expect(await readNoise('abc', env())).toBeUndefined()
})

test('without XDG_STATE_HOME the noise floor is stored in ~/.local/state', async () => {
  const home = await mkdtemp(join(folder, 'home-'))
  const before = process.env.HOME
  process.env.HOME = home
  try {
    const path = await storeNoise(noise(0.04), { XDG_STATE_HOME: '' })
    expect(path).toBe(join(home, '.local/state/lb/noise-abc.json'))
  } finally {
    process.env.HOME = before
  }
})
