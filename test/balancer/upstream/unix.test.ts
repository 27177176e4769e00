import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { backendAddress } from '../../../src/balancer/config/backend-address.ts'
import { balance, eventually } from '../support/balance.ts'
import { exchange } from '../support/raw-client.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

/** A backend on a unix socket, which responds with its Host. */
async function unixBackend({ http2 = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'lb-'))
  const path = join(folder, 'a b.sock')
  const targets: string[] = []
  const server = http2
    ? createHttp2Server((request, response) => response.end(request.authority))
    : createServer((request, response) => {
        targets.push(`${request.headers.host}${request.url}`)
        response.end(request.headers.host)
      })
  server.listen(path)
  await once(server, 'listening')
  return {
    path,
    targets,
    async [Symbol.asyncDispose]() {
      server.close()
      await rm(folder, { recursive: true })
    },
  }
}

test.for([
  ['unix:', false],
  ['h2c+unix:', true],
] as const)('requests go to a backend at %s', async ([scheme, http2]) => {
  await using backend = await unixBackend({ http2 })
  const url = `${scheme}${backend.path}`
  await using balancer = await balance([], { backends: [{ url, weight: 1 }] })
  for (let n = 0; n < 3; n++) {
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 200 .*lb\.test/s)
  }
  expect(balancer.counts()).toMatchObject({ requests: 3, answered: 3, perBackend: [3] })
})

test.for([
  ['', 'localhost'],
  ['?host=app.internal:81', 'app.internal:81'],
])('a request without Host gets the one of "%s"', async ([query, host]) => {
  await using backend = await unixBackend()
  const backends = [{ url: `unix:${backend.path}${query}`, weight: 1 }]
  await using balancer = await balance([], { backends })
  expect(await exchange(balancer.port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(new RegExp(`${host}$`))
})

test('a socket that is not there is refused, and health checks find one that is', async () => {
  await using backend = await unixBackend()
  const url = `unix:${backend.path}?host=app.internal`
  const health = { active: { interval: 1, timeout: 1, path: '/check' } }
  const gone = { url: `unix:${backend.path}-gone`, weight: 1 }
  await using balancer = await balance([], { backends: [{ url, weight: 1 }, gone], health })
  await eventually(() => backend.targets.includes('app.internal/check'))
  for (let n = 0; n < 4; n++) expect(await exchange(balancer.port, get)).toMatch(/ 200 /)
  await using other = await balance([], { backends: [gone] })
  expect(await exchange(other.port, get)).toMatch(/^HTTP\/1\.1 502 /)
})

test('the name of a unix backend is its path', () => {
  expect(backendAddress('unix:/run/app.sock')).toMatchObject({
    protocol: 'http',
    path: '/run/app.sock',
    id: 'unix:/run/app.sock',
    hostField: 'localhost',
  })
  expect(backendAddress('h2c+unix:/run/app.sock?host=a.test')).toMatchObject({
    protocol: 'h2c',
    id: 'unix:/run/app.sock',
    hostField: 'a.test',
  })
})

test.for([
  'unix:',
  'unix:relative.sock',
  'unix://host/path',
  'unix:/a?b=c',
  'unix:/a?host=',
  'unix:/a?host=a b',
  'unix:/a\r\nX: 1',
  'unix:/a#b',
  'https+unix:/a',
  `unix:/${'a'.repeat(107)}`,
])('%s is no address', (url) => {
  expect(() => backendAddress(url)).toThrow(/backend address|unix socket/)
})
