import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { data, h2Frames, headers, lastData, resetStream } from '../support/h2-frames.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const fieldsOf = (method: string, path: string) =>
  [
    [':method', method],
    [':scheme', 'http'],
    [':authority', 'lb.test'],
    [':path', path],
  ] as const

test('requests that are reset in the read that brings them are counted, and no backend sees them', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  const streams = Array.from({ length: 200 }, (_, index) => 2 * index + 1)
  client.send(
    Buffer.concat([
      ...streams.flatMap((stream) => [
        headers(stream, fieldsOf('GET', '/reset')),
        resetStream(stream),
      ]),
      headers(501, fieldsOf('GET', '/kept')),
    ]),
  )
  expect(await client.outcome(501)).toBe(200)
  expect(backend.requests.map(({ target }) => target)).toEqual(['/kept'])
  await eventually(() => balancer.counts().answered === 1)
  expect(balancer.counts()).toMatchObject({ requests: 201, aborted: 200, answered: 1 })
})

test('an upload that is read together with its head reaches the backend whole, and one that is reset does not', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  client.send(
    Buffer.concat([
      headers(1, fieldsOf('POST', '/whole'), true),
      headers(3, fieldsOf('POST', '/reset'), true),
      data(1, 'a'.repeat(2000)),
      data(3, 'b'.repeat(2000)),
      data(1, 'a'),
      resetStream(3),
      lastData(1, 'c'),
    ]),
  )
  expect(await client.outcome(1)).toBe(200)
  expect(backend.requests.map(({ target, body }) => [target, body])).toEqual([
    ['/whole', `${'a'.repeat(2001)}c`],
  ])
})
