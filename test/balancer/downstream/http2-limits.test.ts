import { once } from 'node:events'
import { constants } from 'node:http2'
import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { h2Client, responseOf } from '../support/h2-client.ts'
import { rawBackend } from '../support/raw-backend.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`x-${at}`, 'a']))

test.for([
  ['a head that is too long', { 'x-long': 'a'.repeat(3000) }, 431],
  ['too many fields', many, 431],
  ['a path that is too long', { ':path': `/${'a'.repeat(3000)}` }, 414],
] as const)('%s has its status, and the connection goes on', async ([, headers, status]) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { limits: { headBytes: 2048, fields: 20 } })
  await using client = await h2Client(balancer.port)
  expect(await client.ask(headers)).toMatchObject({ status })
  expect(await client.ask()).toMatchObject({ status: 200 })
  expect(balancer.counts()).toMatchObject({ refused: 1, requests: 1 })
})

test.for([true, false])('a body that is too long is 413, its length said: %s', async (said) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { limits: { bodyBytes: 1000 } })
  await using client = await h2Client(balancer.port)
  const length = said ? { 'content-length': 5000 } : {}
  const response = client.ask({ ':method': 'POST', ...length }, 'a'.repeat(5000))
  expect(await response).toMatchObject({ status: 413 })
  expect(await client.ask()).toMatchObject({ status: 200 })
  expect(backend.requests).toHaveLength(1)
  expect(balancer.counts()).toMatchObject({ refused: 1, inFlight: [0] })
})

test('requests beyond the rate of a client are 429, each stream for itself', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { rateLimit: { rate: 0.001, burst: 2 } })
  await using client = await h2Client(balancer.port)
  const responses = await Promise.all([client.ask(), client.ask(), client.ask()])
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(responses[2]?.headers).toHaveProperty('retry-after')
})

test('a connection has a hundred streams at most', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  if (client.session.remoteSettings.maxConcurrentStreams !== 100) {
    await once(client.session, 'remoteSettings')
  }
  expect(client.session.remoteSettings.maxConcurrentStreams).toBe(100)
  for (let opened = 0; opened < 120; opened++) client.open({})
  await eventually(() => balancer.counts().requests === 100)
  expect(balancer.counts().inFlight).toEqual([100])
})

test('a client that only resets what it asks for loses its connection, and leaves nothing', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  let asked = 0
  while (!client.session.destroyed && !client.session.closed && asked < 10_000) {
    client.open({}).close(constants.NGHTTP2_CANCEL)
    if (++asked % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(asked).toBeLessThan(10_000)
  await eventually(() => balancer.counts().inFlight[0] === 0)
  const { requests, answered, aborted } = balancer.counts()
  expect(answered + aborted).toBe(requests)
})

test('a backend that is too slow is 504', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { timeouts: { firstByte: 0.05 } })
  await using client = await h2Client(balancer.port)
  expect(await client.ask()).toMatchObject({ status: 504 })
})

test('a body that does not come is 408, and other streams go on', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { timeouts: { idle: 0.2 } })
  await using client = await h2Client(balancer.port)
  const stalled = client.open({ ':method': 'POST' })
  stalled.write('only the start')
  const response = responseOf(stalled)
  expect(await client.ask()).toMatchObject({ status: 200 })
  expect(await response).toMatchObject({ status: 408 })
  expect(await client.ask()).toMatchObject({ status: 200 })
})

test('a connection without streams is closed after its time, and pings do not prolong it', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { timeouts: { keepAlive: 0.2 } })
  await using client = await h2Client(balancer.port)
  await client.ask()
  await new Promise((resolve) => client.session.ping(resolve))
  if (!client.session.destroyed) await once(client.session, 'close')
  expect(balancer.clients()).toEqual([])
})
