import { once } from 'node:events'
import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { BoundSocket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { configFor, type Overrides } from './support/balance.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const served = /^HTTP\/1\.1 200 .*ok$/s

const newPath = () => join(mkdtempSync(join(tmpdir(), 'lb-')), 'lb.sock')
const configAt = (path: string, ports: readonly number[], overrides: Overrides = {}) =>
  configFor(ports, { listen: `unix:${path}`, ...overrides })

test.for([1, 2])('clients of a unix socket are served, %i workers', async (workers) => {
  await using backend = await recordingBackend()
  const path = newPath()
  const config = configAt(path, [backend.port], { workers, listenMode: '0640' })
  const balancer = await startBalancer(config)
  expect(statSync(path).mode & 0o777).toBe(0o640)
  await using kept = await rawClient({ path })
  kept.send(get.replace('Connection: close\r\n', ''))
  await kept.until(/ok$/)
  for (let n = 0; n < 4; n++) expect(await exchange({ path }, get)).toMatch(served)
  expect(balancer.counts()).toMatchObject({ requests: 5, answered: 5 })
  // One connection is open: the next ones go to the workers with fewer.
  expect(balancer.counts().perWorker.filter((count) => count > 0)).toHaveLength(workers)
  expect(backend.requests[0]?.headers['x-forwarded-for']).toBe('unknown')
  await balancer.stop()
  expect(existsSync(path)).toBe(false)
})

test('clients of a unix socket can be trusted proxies, and limited', async () => {
  await using backend = await recordingBackend()
  const path = newPath()
  const limits = { trustedProxies: ['unix'], rateLimit: { rate: 0.001, burst: 1 } }
  await using _ = await startBalancer(configAt(path, [backend.port], limits))
  const from = (address: string) =>
    exchange({ path }, get.replace('\r\n\r\n', `\r\nX-Forwarded-For: ${address}\r\n\r\n`))
  expect(await from('192.0.2.1')).toMatch(served)
  expect(await from('192.0.2.1')).toMatch(/^HTTP\/1\.1 429 /)
  expect(await from('192.0.2.2')).toMatch(served)
  expect(backend.requests[0]?.headers['x-forwarded-for']).toBe('192.0.2.1, unknown')
})

test('a socket that nobody listens on is replaced', async () => {
  await using backend = await recordingBackend()
  const path = newPath()
  using _ = new BoundSocket({ path } as object)
  await using balancer = await startBalancer(configAt(path, [backend.port]))
  expect(await exchange({ path }, get)).toMatch(served)
  expect(balancer.counts()).toMatchObject({ answered: 1 })
})

test('a socket that somebody listens on, and another file, stay', async () => {
  const [path, file] = [newPath(), newPath()]
  await using server = createServer().listen(path)
  await once(server, 'listening')
  const start = (at: string) => startBalancer(configAt(at, [1]))
  await expect(start(path)).rejects.toThrow(
    `the balancer cannot listen on unix:${path}: another process listens there`,
  )
  writeFileSync(file, 'text')
  await expect(start(file)).rejects.toThrow('the file there is no socket')
  await expect(start('/nowhere/lb.sock')).rejects.toThrow(
    'its folder is missing or cannot be written',
  )
  expect([existsSync(path), existsSync(file)]).toEqual([true, true])
})

test.for([
  ['unix:lb.sock', '0660', 'listen: must be unix:/path'],
  ['127.0.0.1:80', '0660', 'listen: must be unix:/path'],
  [`unix:/${'x'.repeat(107)}`, '0660', 'listen: must have a path of at most 107 bytes'],
  ['unix:/run/lb.sock', '0990', 'listenMode is "0990"'],
] as const)('"%s" with mode %s is refused', async ([listen, listenMode, message]) => {
  await expect(startBalancer(configFor([1], { listen, listenMode }))).rejects.toThrow(message)
})
