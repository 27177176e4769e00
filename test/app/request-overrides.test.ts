import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refuseIgnoredFlags } from '../../src/app/ignored-flags.ts'
import { requestOverrides } from '../../src/app/request-overrides.ts'
import { openTempDir } from '../../src/lab/temp-dir.ts'

test('path and query of --url are those of every request', async () => {
  expect(await requestOverrides({ url: 'http://a:1/b/c?d=e#f' })).toEqual({ path: '/b/c?d=e' })
  expect(await requestOverrides({ url: 'http://a', path: '/x?y' })).toEqual({ path: '/x?y' })
  expect(await requestOverrides({})).toEqual({})
})

test('method, headers and body are those of the flags', async () => {
  const flags = { method: 'PATCH', header: ['X-A:  b: c ', 'x-d:'], body: 'text' }
  expect(await requestOverrides(flags)).toEqual({
    method: 'PATCH',
    headers: { 'X-A': 'b: c', 'x-d': '' },
    body: 'text',
  })
})

test('a body may be a file', async () => {
  await using folder = await openTempDir()
  const file = join(folder.path, 'body')
  await writeFile(file, 'from a file')
  expect(await requestOverrides({ body: `@${file}` })).toEqual({ body: 'from a file' })
})

test.each([
  [{ url: 'ftp://a' }, /not an http or https address/],
  [{ url: 'http://a/b', path: '/c' }, /both given/],
  [{ path: '/a b' }, /cannot be sent/],
  [{ path: '/ü' }, /cannot be sent/],
  [{ path: 'a' }, /cannot be sent/],
  [{ method: 'get' }, /not a method/],
  [{ header: ['no colon'] }, /no field name/],
  [{ header: ['a b: c'] }, /cannot be sent/],
  [{ header: ['Content-Length: 1'] }, /cannot be sent/],
  [{ header: ['x: a\r\nb: c'] }, /cannot be sent/],
  [{ body: '@/nowhere/at/all' }, /cannot read/],
])('%j is refused', async (flags, message) => {
  await expect(requestOverrides(flags)).rejects.toMatchObject({
    code: 'LB_USAGE',
    message: expect.stringMatching(message),
  })
})

test('an error about a header does not contain its value', async () => {
  const error = await requestOverrides({ header: ['te: secret'] }).catch((one: Error) => one)
  expect(JSON.stringify(error) + String(error)).not.toContain('secret')
})

test.each([
  [{ phase: 'capacity', rate: 5 }, undefined, '--rate'],
  [{ phase: 'capacity', arrivals: 'poisson' }, undefined, '--arrivals'],
  [{ phase: 'latency', rate: 5, driver: 'lean' }, undefined, '--driver'],
  [{ algo: ['random'] }, ['url'], '--algo'],
  [{ cores: [2] }, ['url'], '--cores'],
] as const)('%j with the targets %j: the flag would be ignored', (flags, targets, flag) => {
  expect(() => refuseIgnoredFlags(flags, targets)).toThrow(`${flag} would be ignored`)
})

test.each([
  [{ phase: 'both', rate: 5, driver: 'lean' }, undefined],
  [{ phase: 'latency', driver: 'lean' }, undefined],
  [{ algo: ['random'], cores: [2] }, ['url', 'reference']],
  [{ cores: [2] }, ['command']],
] as const)('%j with the targets %j: every flag counts', (flags, targets) => {
  expect(() => refuseIgnoredFlags(flags, targets)).not.toThrow()
})
