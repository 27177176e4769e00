import { execFileSync, spawn } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, renameSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { balance, closedPort, configFor, eventually } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const ask = (method: string, target: string) =>
  `${method} ${target} HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n`

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

test('every request has a line in the log, whoever answered it and however it ended', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const accessLog = join(folder.path, 'access.log')
  await using good = await rawBackend((socket, text) => {
    if (!text.includes('/wait')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')
  })
  const dead = await closedPort()
  const settings = { workers: 2, accessLog, rateLimit: { rate: 0.001, burst: 4 } }
  const balancer = await startBalancer(configFor([dead, good.port], settings))
  await exchange(balancer.port, ask('GET', '/a?b=c'))
  await exchange(balancer.port, ask('HEAD', '/head'))
  await exchange(balancer.port, ask('DELETE', 'http://lb.test/absolute'))
  await using client = await rawClient(balancer.port)
  client.send(ask('GET', '/wait'))
  await good.until(/\/wait/)
  client.socket.resetAndDestroy()
  await eventually(() => balancer.counts().aborted === 1)
  await exchange(balancer.port, ask('GET', '/limited'))
  await balancer.stop()
  const lines = linesOf(accessLog).sort((a, b) => a.time.localeCompare(b.time))
  const backend = `127.0.0.1:${good.port}`
  const common = { client: '127.0.0.1', worker: expect.any(Number), seconds: expect.any(Number) }
  const line = (method: string, target: string, rest: object) =>
    expect.objectContaining({ ...common, method, target, ...rest })
  // The order of two in one millisecond is open, since each worker writes its own.
  expect(lines).toHaveLength(5)
  for (const expected of [
    line('GET', '/a?b=c', { status: 200, bytes: 5, backend, tries: 2 }),
    line('HEAD', '/head', { status: 200, bytes: 0, backend }),
    line('DELETE', '/absolute', { status: 200, bytes: 5, backend }),
    line('GET', '/wait', { status: 0, bytes: 0, backend: '' }),
    line('GET', '/limited', { status: 429, bytes: 22, backend: '', tries: 0 }),
  ]) {
    expect(lines).toContainEqual(expected)
  }
})

test('a sample has a line for one request of three, and for every one that failed', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const accessLog = join(folder.path, 'access.log')
  await using backend = await recordingBackend()
  const settings = { accessLog, accessLogSample: 3, rateLimit: { rate: 0.001, burst: 4 } }
  const balancer = await startBalancer(configFor([backend.port], settings))
  for (const n of [1, 2, 3, 4, 5, 6]) await exchange(balancer.port, ask('GET', `/${n}`))
  await balancer.stop()
  expect(linesOf(accessLog).map(({ target, status }) => [target, status])).toEqual([
    ...[
      ['/1', 200],
      ['/4', 200],
      ['/5', 429],
      ['/6', 429],
    ],
  ])
})

test('a format goes to all workers, and changes with the configuration', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const accessLog = join(folder.path, 'access.log')
  await using backend = await recordingBackend()
  const config = configFor([backend.port], { workers: 2, accessLog, accessLogFormat: 'combined' })
  const balancer = await startBalancer(config)
  const agent = 'User-Agent: "a"\r\nConnection'
  await exchange(balancer.port, ask('GET', '/1').replace('Connection', agent))
  await exchange(balancer.port, 'nonsense\r\n\r\n')
  await balancer.reload(() => ({ ...config, accessLogFormat: '$host $server_protocol' }))
  await exchange(balancer.port, ask('GET', '/2'))
  await balancer.stop()
  const lines = readFileSync(accessLog, 'utf8').split('\n').sort()
  const [none, refused, combined, ...others] = lines
  expect(none).toBe('')
  expect([refused, combined]).toEqual([
    expect.stringMatching(/^127\.0\.0\.1 - - \[.*\] "-" 400 0 "-" "-"$/),
    expect.stringMatching(/^127\.0\.0\.1 - - \[.*\] "GET \/1 HTTP\/1\.1" 200 2 "-" "\\x22a\\x22"$/),
  ])
  expect(others).toEqual(['lb.test HTTP/1.1'])
})

test('on a request to reopen it the balancer goes on in a new file, and loses no line', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const accessLog = join(folder.path, 'access.log')
  await using backend = await recordingBackend()
  const config = configFor([backend.port], { workers: 2, accessLog })
  const balancer = await startBalancer(config)
  const old = `${accessLog}.1`
  for (let n = 0; n < 4; n++) await exchange(balancer.port, ask('GET', `/${n}`))
  renameSync(accessLog, old)
  await balancer.reload(() => config)
  await eventually(() => {
    try {
      return readFileSync(accessLog) !== undefined
    } catch {
      return false
    }
  })
  for (let n = 4; n < 8; n++) await exchange(balancer.port, ask('GET', `/${n}`))
  await balancer.stop()
  const targets = [...linesOf(old), ...linesOf(accessLog)].map(({ target }) => target)
  expect(targets.sort()).toEqual(['/0', '/1', '/2', '/3', '/4', '/5', '/6', '/7'])
})

test('a full disk and a pipe without a reader cost lines, which are counted, and nothing more', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const fifo = join(folder.path, 'fifo')
  execFileSync('sh', ['-c', 'mkfifo "$0"', fifo])
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  await using backend = await recordingBackend()
  const start = (accessLog: string) => {
    const settings = { workers: 1, accessLog, admin: { port: 0 } }
    return startBalancer(configFor([backend.port], settings))
  }
  await using full = await start('/dev/full')
  await using broken = await start(fifo)
  closeSync(reader)
  for (const { port, adminPort } of [full, broken]) {
    for (let n = 0; n < 3; n++) {
      expect(await exchange(port, ask('GET', '/'))).toMatch(/ok$/)
    }
    await eventually(async () => {
      const metrics = await fetch(`http://127.0.0.1:${adminPort}/metrics`)
      return /^lb_access_log_dropped_total 3$/m.test(await metrics.text())
    })
    expect(await exchange(port, ask('GET', '/'))).toMatch(/ok$/)
  }
})

test('the reader of a pipe reads the log to the end of the balancer', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const accessLog = join(folder.path, 'fifo')
  execFileSync('sh', ['-c', 'mkfifo "$0"', accessLog])
  // It ends at the first time that nobody has the pipe open for writing.
  const reader = spawn('cat', [accessLog], { stdio: ['ignore', 'pipe', 'ignore'] })
  const read = reader.stdout.toArray()
  await using backend = await recordingBackend()
  let balancer: Awaited<ReturnType<typeof startBalancer>> | undefined
  await eventually(async () => {
    const config = configFor([backend.port], { workers: 1, accessLog })
    // It is refused until the reader has the pipe open.
    balancer = await startBalancer(config).catch(() => undefined)
    return balancer !== undefined
  })
  await exchange(balancer?.port ?? 0, ask('GET', '/logged'))
  await balancer?.stop()
  expect(Buffer.concat(await read).toString()).toContain('"target":"/logged"')
})

test('a log that cannot be written is refused before a socket opens', async () => {
  const settings = { workers: 1, accessLog: '/nowhere/access.log' }
  await expect(balance([1], settings)).rejects.toThrow(/access log: cannot write \/nowhere/)
})
