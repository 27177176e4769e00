import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveConfig } from '../../src/app/serve-config.ts'
import { checkConfig } from '../../src/balancer/config/config.ts'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { closedPort } from '../balancer/support/balance.ts'
import { nameServer } from '../balancer/support/name-server.ts'
import { exchange } from '../balancer/support/raw-client.ts'
import { recordingBackend } from '../balancer/support/recording-backend.ts'
import { lb } from '../support/processes/lb-in-process.ts'

const bin = new URL('../../bin/dev.js', import.meta.url).pathname
const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

test.for(['SIGINT', 'SIGTERM'] as const)('serves until %s, and leaves with 0', async (signal) => {
  await using backend = await recordingBackend()
  const url = `http://127.0.0.1:${backend.port}`
  const args = ['serve', '--backend', `${url},3`, '--port', '0', '--cores', '2', '--steps']
  const child = spawn(process.execPath, [bin, ...args])
  let output = ''
  try {
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
    child.stdout.on('data', (text: string) => {
      output += text
    })
    expect(line).toMatch(
      /^lb is ready on http:\/\/127\.0\.0\.1:\d+ \(round-robin, 2 workers, 1 backend\)\n$/,
    )
    expect(await exchange(Number(/:(\d+) /.exec(line)?.[1]), get)).toMatch(/^HTTP\/1\.1 200 /)
    child.kill(signal)
    expect(await once(child, 'close')).toEqual([0, null])
    expect(output).toMatch(/^Where the time went\n[\s\S]*since it was configured, 1 request/)
  } finally {
    child.kill('SIGKILL')
  }
})

test.for([
  ['serve --backend nonsense', '"nonsense" is not a backend address'],
  ['serve --backend http://a:1,x', '--backend "http://a:1,x": the weight is not an integer'],
  ['serve --backend http://a:1 --backend http://a:1', 'a:1 is listed twice'],
  ['serve --backend http://a:1,0', 'all weights are 0'],
  ['serve --backend http://a:1 --tls-cert /none --tls-key /none', 'cannot read /none (ENOENT)'],
  ['serve --backend http://a:1 --tls-cert /none', '--tls-key'],
  ['serve --backend http://a:1 --algo round-robim', 'did you mean round-robin?'],
  ['serve --backend http://a:1 --port 70000', 'port'],
  ['serve --backend http://a:1 --key cookei:a', 'did you mean cookie?'],
  ['serve --backend http://a:1 --rate-limit fast', '--rate-limit "fast" is not RATE[,BURST]'],
  ['serve --backend http://a:1 --rate-limit 0', '--rate-limit "0" is not RATE[,BURST]'],
  ['serve --backend http://a:1 --health-path nowhere', 'health.active.path'],
  ['serve --backend http://a:1 --access-log /nowhere/a', 'cannot write /nowhere/a'],
  ['serve --backend http://a:1 --admin-port 0 --admin-token short', 'admin.token'],
] as const)('%s is a usage error in one line', async ([args, message]) => {
  const { stderr, error } = await lb(args)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(error?.oclif?.exit).toBe(2)
})

test('a port in use is a usage error', async () => {
  await using backend = await recordingBackend()
  const args = `--backend http://127.0.0.1:${await closedPort()} --port ${backend.port}`
  const { stderr, error } = await lb(`serve ${args}`)
  expect(stderr).toContain(`127.0.0.1:${backend.port}: the port is in use`)
  expect(error?.oclif?.exit).toBe(2)
})

test('the flags set limits, health checks, access log and admin port', async () => {
  await using backend = await recordingBackend()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const log = join(folder.path, 'access.log')
  const flags =
    '--admin-port 0 --rate-limit 0.001,2 --rate-limit-key header:X-User --key path --drain-timeout 5s --health-path /alive --health-interval 1s --slow-start 1s --request-timeout 30s'
  const backends = ['--backend', `http://127.0.0.1:${backend.port}`]
  const args = ['serve', ...backends, '--port', '0', '--access-log', log, ...flags.split(' ')]
  const token = 'a-token-for-this-test'
  const env = { ...process.env, LB_ADMIN_TOKEN: token }
  const child = spawn(process.execPath, [bin, ...args], { env })
  try {
    let output = ''
    for await (const text of child.stdout.setEncoding('utf8')) {
      output += text
      if (output.includes('admin port: ')) break
    }
    const port = Number(/lb is ready on http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1])
    const admin = /admin port: (\S+)/.exec(output)?.[1]
    for (const status of [200, 200, 429]) {
      expect(await exchange(port, get)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    }
    const added = await fetch(`${admin}/backends`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ url: 'http://127.0.0.1:1' }),
    })
    expect(added.status).toBe(201)
    while (!backend.requests.some(({ target }) => target === '/alive')) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    child.kill('SIGHUP')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(3)
  } finally {
    child.kill('SIGKILL')
  }
})

test('--config has the settings, flags override them, and SIGHUP reads both files again', async () => {
  await using backend = await recordingBackend((_request, response) => response.end('first'))
  await using other = await recordingBackend((_request, response) => response.end('other'))
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const file = join(folder.path, 'lb.yaml')
  const backends = (port: number) => `backends: [{ url: "http://127.0.0.1:${port}" }]\n`
  writeFileSync(file, `port: 1\nworkers: 2\n${backends(backend.port)}`)
  const child = spawn(process.execPath, [bin, 'serve', '--config', file, '--port', '0'])
  try {
    const [ready] = await once(child.stdout.setEncoding('utf8'), 'data')
    expect(ready).toMatch(/\(round-robin, 2 workers, 1 backend\)\n$/)
    const port = Number(/:(\d+) /.exec(ready)?.[1])
    expect(await exchange(port, get)).toMatch(/first$/)
    const errors = child.stderr.setEncoding('utf8')
    const reload = async (text: string) => {
      writeFileSync(file, text)
      child.kill('SIGHUP')
      const [line] = await once(errors, 'data')
      return line
    }
    expect(await reload(`port: 2\nworkers: 3\n${backends(other.port)}`)).toBe(
      'SIGHUP: configuration changed; a restart is needed for: workers\n',
    )
    expect(await exchange(port, get)).toMatch(/other$/)
    expect(await reload(`${backends(backend.port)}wrokers: 2\n`)).toBe(
      `SIGHUP: nothing changed: ${file}, line 2: unknown field "wrokers"\n`,
    )
    expect(await exchange(port, get)).toMatch(/other$/)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
  }
})

test('--check-config prints ok or a line for each mistake, and opens no port', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const file = join(folder.path, 'lb.yaml')
  writeFileSync(file, 'backends: [{ url: "http://127.0.0.1:1" }]\n')
  const fine = await lb(`serve --check-config --config ${file}`)
  expect(fine.stdout).toBe(`${file}: ok\n`)
  expect(fine.error).toBeUndefined()
  writeFileSync(file, 'port: a\nhots: b\nbackends: [{ url: "http://127.0.0.1:1" }]\n')
  const { stderr, stdout, error } = await lb(`serve --check-config --config ${file}`)
  expect(stdout).toBe('')
  expect(stderr.trim().split('\n').toSorted()).toEqual([
    `${file}, line 1: port is "a"; give a value of type number`,
    `${file}, line 2: unknown field "hots"; did you mean host?`,
  ])
  expect(error?.oclif?.exit).toBe(2)
  writeFileSync(
    file,
    `accessLog: ${folder.path}/none/log\nbackends: [{ url: "http://127.0.0.1:1" }]\n`,
  )
  expect((await lb(`serve --check-config --config ${file}`)).stderr).toContain(
    'accessLog: cannot write',
  )
})

test.for([
  ['serve', 'there is neither --backend nor --config'],
  ['serve --config /nowhere/lb.yaml', 'cannot read /nowhere/lb.yaml (ENOENT)'],
  [
    'serve --backend http://a --drain-timeout 5',
    '--drain-timeout "5" is not a duration above 0 with a unit',
  ],
  ['serve --backend http://a --idle-timeout 0s', '--idle-timeout "0s" is not a duration'],
  ['serve --backend http://a --resolver-timeout 2', '--resolver-timeout "2" is not a duration'],
  ['serve --backend http://a --resolver-refresh 0s', '--resolver-refresh "0s" is not a duration'],
  ['serve --backend http://a --resolver ns.test', 'must be an IP address, with or without a port'],
  [
    'serve --backend http://a --max-body-bytes 5q',
    '--max-body-bytes "5q" is not a number of bytes',
  ],
  [
    'serve --backend http://a --eject-statuses 5xx',
    '--eject-statuses "5xx" is not a list of statuses',
  ],
  [
    'serve --backend http://a --tls-cert a --tls-cert b --tls-key k',
    '--tls-cert is given 2 times, --tls-key 1 times',
  ],
  ['serve --backend http://a --tls-client-ca ca.pem', 'tls.certificate is missing'],
  ['serve --backend http://a --rate-limit-key path', 'rateLimit.rate is missing'],
] as const)('%s cannot be used', async ([args, message]) => {
  const { stderr, error } = await lb(args)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(error?.oclif?.exit).toBe(2)
})

test('flags set time limits, sizes and statuses that eject', () => {
  const { config } = serveConfig({
    backend: ['http://127.0.0.1:1'],
    'connect-timeout': 1,
    'response-timeout': 2,
    'idle-timeout': 3,
    'request-timeout': 4,
    'head-timeout': 5,
    'body-timeout': 6,
    'keep-alive-timeout': 7,
    'pool-timeout': 8,
    'linger-timeout': 9,
    'tunnel-timeout': 10,
    'drain-timeout': 11,
    'max-head-bytes': 12,
    'max-fields': 13,
    'max-body-bytes': 14,
    'max-connections': 15,
    'max-backend-requests': 17,
    'eject-statuses': [503],
    'eject-failures': 16,
  })
  expect(checkConfig(config)).toMatchObject({
    timeouts: {
      connect: 1,
      firstByte: 2,
      idle: 3,
      request: 4,
      head: 5,
      body: 6,
      keepAlive: 7,
      pool: 8,
      linger: 9,
      tunnel: 10,
      drain: 11,
    },
    limits: { headBytes: 12, fields: 13, bodyBytes: 14, connections: 15, backendRequests: 17 },
    health: { passive: { statuses: [503], failures: 16 } },
  })
})

test('flags set name servers and Proxy-Status: names are looked up there, and a failure is told in the response', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.1'], ttl: 300 } })
  await using backend = await recordingBackend()
  const { config } = serveConfig({
    backend: [`http://a.test:${backend.port}`],
    port: 0,
    resolver: [server.address, '[::1]:53'],
    'resolver-refresh': 0.05,
    'resolver-timeout': 0.2,
    'proxy-status': true,
  })
  const settings = checkConfig(config)
  expect(settings.resolver).toEqual({
    servers: [server.address, '[::1]:53'],
    refresh: 0.05,
    timeout: 0.2,
  })
  expect(settings.proxyStatus).toBe(true)
  await using balancer = await startBalancer({
    ...config,
    resolver: { ...settings.resolver, servers: [server.address] },
  })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 /)
  // Far sooner than its TTL would have it.
  const { length } = server.asked
  while (server.asked.length < length + 4) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(new Set(server.asked)).toEqual(new Set(['a.test']))
  const { config: unknown } = serveConfig({
    backend: ['http://unknown.test'],
    port: 0,
    resolver: [server.address],
    'proxy-status': true,
  })
  await using other = await startBalancer(unknown)
  expect(await exchange(other.port, get)).toMatch(
    /^HTTP\/1\.1 502 .*\r\nProxy-Status: lb; error=dns_error; details="[\w-]+"\r\n/s,
  )
})
