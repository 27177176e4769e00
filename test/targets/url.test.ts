import { expect, test } from 'vitest'
import { freePort } from '../../src/lab/ports.ts'
import type { TargetSettings } from '../../src/targets/target.ts'
import { url } from '../../src/targets/url.ts'
import { certificateOf } from '../balancer/support/certificates.ts'
import { http1Server } from '../support/http/http1-server.ts'
import { http2Server } from '../support/http/http2-server.ts'
import { secureServer } from '../support/http/secure-server.ts'
import { echoBackends } from './echo-backends.ts'
import { startTestTarget } from './start-test-target.ts'

test('a server that runs already is used at its address, with the pid that the user gave', async () => {
  await using backends = await echoBackends(1)
  const [at] = backends.urls as [URL]
  const settings = { url: at.href, pid: process.pid }
  await using target = await startTestTarget(url, { urls: [] }, { settings })
  expect(target).toMatchObject({
    url: at,
    pid: process.pid,
    ourBackends: false,
    running: undefined,
  })
})

test.for([false, true])(
  'an address without a server is an error of one line, HTTP/2 %s',
  async (http2) => {
    const settings = { url: `http://127.0.0.1:${await freePort()}`, http2 }
    await expect(startTestTarget(url, { urls: [] }, { settings })).rejects.toMatchObject({
      code: 'LB_USAGE',
      message: expect.stringMatching(/^--url: http:\S+ cannot be reached: .*ECONNREFUSED/),
    })
  },
)

test.for([undefined, 'example', 'https://127.0.0.1:1'])(
  '%s is no address to drive',
  async (wrong) => {
    await expect(
      startTestTarget(url, { urls: [] }, { settings: { url: wrong } }),
    ).rejects.toMatchObject({
      code: 'LB_USAGE',
    })
  },
)

const start = (settings: TargetSettings) => startTestTarget(url, { urls: [] }, { settings })

test('a certificate that is not trusted is named, with the reason and the remedies', async () => {
  await using server = await secureServer()
  const at = `https://127.0.0.1:${server.port}`
  await expect(start({ url: `${at}/x?y` })).rejects.toMatchObject({
    code: 'LB_USAGE',
    message: expect.stringMatching(
      /^--url: https:\S+:\d+ is not trusted: its certificate \(.*issued by .*valid until .*\): .* \([A-Z_]+\)$/,
    ),
    hint: expect.stringMatching(/--ca .*--insecure/),
  })
  for (const trust of [{ ca: certificateOf('ca') }, { insecure: true }]) {
    await using target = await start({ url: at, ...trust })
    expect(target.url.origin).toBe(at)
  }
})

test('a server of HTTP/2 responds to HTTP/2, by prior knowledge and by ALPN', async () => {
  await using clear = await http2Server()
  await using secure = await http2Server(undefined, { secure: true })
  await using _ = await start({ url: clear.url.href, http2: true })
  await using __ = await start({ url: secure.url.href, http2: true, ca: certificateOf('ca') })
  expect([clear.requests.length, secure.requests.length]).toEqual([1, 1])
})

test('a server of HTTP/1.1 is refused with --http2', async () => {
  await using clear = await http1Server()
  await using secure = await secureServer({ ALPNProtocols: ['http/1.1'] })
  const at = `https://127.0.0.1:${secure.port}`
  for (const settings of [{ url: clear.url.href }, { url: at, ca: certificateOf('ca') }]) {
    await expect(start({ ...settings, http2: true })).rejects.toMatchObject({
      code: 'LB_USAGE',
      message: expect.stringMatching(/^--http2: https?:\S+ does not speak HTTP\/2$/),
    })
  }
})

test.each([
  [{ url: 'http://127.0.0.1:1', ca: 'ca.pem' }, '--ca is for an https address'],
  [{ url: 'http://127.0.0.1:1', insecure: true }, '--insecure is for an https address'],
  [{ url: 'https://127.0.0.1:1', ca: '/nowhere/a' }, '--ca: cannot read /nowhere/a (ENOENT)'],
  [{ url: 'https://a', resolve: ['a:443:b'] }, '--resolve "a:443:b" cannot be used'],
  [{ url: 'unix:/nowhere/a.sock' }, '--url: unix:/nowhere/a.sock cannot be reached'],
])('%j is refused in one line', async (settings, message) => {
  await expect(start(settings)).rejects.toMatchObject({
    code: 'LB_USAGE',
    message: expect.stringContaining(message),
  })
})
