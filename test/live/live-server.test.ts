import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { LiveHead } from '../../src/live/live-message.ts'
import { openLiveServer } from '../../src/live/live-server.ts'
import type { LiveUpdate } from '../../src/live/live-state.ts'

const head: LiveHead = {
  ...{ title: 'lb bench  default', state: 'running', message: '', elapsed: 1, left: 9 },
  ...{ share: 0.1, current: 'capacity  weighted ×1, trial 1 of 3', limits: '', troubles: [] },
  ...{ failures: {}, checks: [], thresholds: [], table: { head: [], rows: [] } },
}
const point = (at: number) => ({ at, seconds: 0.1, done: 10, failed: 0 })

/** A server, with how often a page has stopped the run. */
async function serve() {
  let stops = 0
  const server = await openLiveServer({ port: 0, cellSeconds: 0.1, onStop: () => stops++ })
  const url = new URL(server.url)
  let closed: Promise<void> | undefined
  const close = () => (closed ??= Promise.resolve(server[Symbol.asyncDispose]()))
  return { server, url, stops: () => stops, close, [Symbol.asyncDispose]: close }
}

/** A page that follows the run: each call of `next` gives the next update; undefined at the end of the stream. */
async function follow(url: URL) {
  const asked = request(new URL('/events', url), { agent: false }).end()
  const [response] = await once(asked, 'response')
  response.setEncoding('utf8')
  const pieces = response[Symbol.asyncIterator]()
  let text = ''
  const next = async (): Promise<LiveUpdate | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const event = text.slice(0, end)
        text = text.slice(end + 2)
        if (event.startsWith('data: ')) return JSON.parse(event.slice(6))
        continue
      }
      const { value, done } = await pieces.next()
      if (done) return undefined
      text += value
    }
  }
  return { next, headers: response.headers, [Symbol.dispose]: () => void asked.destroy() }
}

/** The status and the header fields of one request. */
async function ask(url: URL, options: Parameters<typeof request>[1] = {}) {
  const asked = request(url, { agent: false, ...options }).end()
  const [response] = await once(asked, 'response')
  response.resume()
  await once(response, 'end')
  return { status: response.statusCode, headers: response.headers }
}

test('a page is sent the past, then what is new, in order, then the end', async () => {
  await using served = await serve()
  const { server, url } = served
  server.add({ head, points: [point(0.05), point(0.15)] })
  using page = await follow(url)
  const past = await page.next()
  expect(past?.head).toMatchObject({ title: 'lb bench  default', state: 'running' })
  expect(past?.course?.columns.done).toEqual([100, 100])
  expect(page.headers['content-type']).toBe('text/event-stream')

  server.add({ points: [point(0.25)] })
  const trial = { at: 0.3, name: 'a', p50: 0.1, p95: 0.2, p99: 0.3, failed: 0 }
  server.add({ trials: [trial] })
  const news = [await page.next()]
  // The past of a page that was opened before the first news is sent twice at most, and replaces itself.
  if (news[0]?.trials === undefined) news.push(await page.next())
  expect(news.at(-1)?.trials).toEqual({ from: 0, rows: [trial] })
  const { from, columns } = news.at(-1)?.course ?? { from: -1, columns: { done: [] } }
  expect([from, columns.done.length]).toEqual([from, 3 - from])

  server.add({ head: { ...head, state: 'ended', message: 'result stored in last.json' } })
  await served.close()
  expect((await page.next())?.head).toMatchObject({
    ...{ state: 'ended', message: 'result stored in last.json' },
  })
  expect(await page.next()).toBeUndefined()
})

test('a page that is opened late shows all of it, and so does a second one', async () => {
  await using served = await serve()
  served.server.add({ head, points: Array.from({ length: 50 }, (_, i) => point(i / 10 + 0.05)) })
  using first = await follow(served.url)
  using second = await follow(served.url)
  for (const page of [first, second]) {
    expect((await page.next())?.course?.columns.done).toHaveLength(50)
  }
})

test('a page that never reads holds neither the run nor its end', async () => {
  await using served = await serve()
  const { server, url, close } = served
  const deaf = connect(Number(url.port), '127.0.0.1')
  deaf.pause()
  deaf.on('error', () => {})
  deaf.write(`GET /events HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`)
  using page = await follow(url)
  await page.next()
  server.add({ head: { ...head, troubles: ['x'.repeat(100_000)] } })
  expect((await page.next())?.head?.troubles[0]).toHaveLength(100_000)
  await close()
  deaf.destroy()
})

test('the page has a policy, and loads nothing', async () => {
  await using served = await serve()
  const { headers, status } = await ask(served.url)
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  })
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; connect-src 'self'; .*script-src 'sha256-[\w+/=]+'/,
  )
})

test('only a page with the token stops the run', async () => {
  await using served = await serve()
  const { url, stops } = served
  const post = (path: string, headers = {}) => ask(new URL(path, url), { method: 'POST', headers })
  expect((await post('/stop')).status).toBe(403)
  expect((await post(`/stop${url.search}`, { origin: 'http://evil.example' })).status).toBe(403)
  expect((await post(`/stop${url.search}`, { host: 'evil.example' })).status).toBe(421)
  expect((await ask(new URL('/', url), { method: 'PUT' })).headers.allow).toBe('GET')
  expect(stops()).toBe(0)
  expect((await post(`/stop${url.search}`)).status).toBe(202)
  expect(stops()).toBe(1)
})

test('a port that is in use is an error with what to do', async () => {
  await using served = await serve()
  const port = Number(served.url.port)
  await expect(openLiveServer({ port, cellSeconds: 0.1, onStop() {} })).rejects.toThrow(
    `the live page cannot listen on 127.0.0.1:${port}: the port is in use`,
  )
})
