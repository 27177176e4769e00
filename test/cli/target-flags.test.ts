import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTargetSettings } from '../../src/cli/target-flags.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('without flags there are no settings', async () => {
  expect(await readTargetSettings({})).toBeUndefined()
})

test('each setting belongs to its target', async () => {
  const file = join(folder, 'nginx=1.conf')
  await writeFile(file, 'listen {port};')
  const flags = {
    url: 'http://h:1',
    pid: 7,
    command: 'x {port}',
    'target-config': [`nginx=${file}`],
  }
  expect(await readTargetSettings(flags)).toEqual({
    url: { url: 'http://h:1', pid: 7 },
    command: { command: 'x {port}' },
    nginx: { template: 'listen {port};' },
  })
})

test('how connections are made belongs to the server at --url', async () => {
  const flags = {
    ...{ url: 'https://h', ca: 'ca.pem', cert: 'c.pem', key: 'k.pem', http2: true, streams: 5 },
    ...{ resolve: ['h:443:127.0.0.1'], 'tls-sessions': 'new' },
  }
  const { 'tls-sessions': tlsSessions, ...same } = flags
  expect(await readTargetSettings(flags)).toEqual({ url: { ...same, tlsSessions } })
})

test('--pid without --url is kept', async () => {
  expect(await readTargetSettings({ pid: 7 })).toEqual({ url: { pid: 7 } })
})

test.for(['nginx', 'nginx=', '=file'])('--target-config %s is refused', async (typed) => {
  await expect(readTargetSettings({ 'target-config': [typed] })).rejects.toMatchObject({
    exitCode: 2,
  })
})

test('a file that cannot be read is named', async () => {
  const refused = readTargetSettings({ 'target-config': [`nginx=${join(folder, 'none')}`] })
  await expect(refused).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(join(folder, 'none')),
  })
})
