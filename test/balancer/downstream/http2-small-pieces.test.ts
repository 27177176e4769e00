import { expect, test } from 'vitest'
import { balance } from '../support/balance.ts'
import { data, h2Frames, headers, lastData } from '../support/h2-frames.ts'
import { rawBackend } from '../support/raw-backend.ts'

const post = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'a'],
] as const

test('DATA frames of a byte each that were read together go to the backend together', async () => {
  const pieces = 5000
  let chunks = 0
  let body = ''
  await using backend = await rawBackend((socket, text) => {
    const [, sent = ''] = text.split('\r\n\r\n')
    if (!text.endsWith('0\r\n\r\n')) return
    const all = [...sent.matchAll(/[\da-f]+\r\n(\w+)\r\n/g)]
    chunks = all.length
    body = all.map(([, part]) => part).join('')
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  })
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  const small = Array.from({ length: pieces }, () => data(1, 'a'))
  client.send(Buffer.concat([headers(1, post, true), data(1, 'c')]))
  // From here on nothing waits for the connection to the backend.
  await backend.until(/c\r\n$/)
  client.send(Buffer.concat([...small, lastData(1, 'b')]))
  expect(await client.outcome(1)).toBe(200)
  expect(body).toBe(`c${'a'.repeat(pieces)}b`)
  expect(chunks).toBeLessThan(pieces / 10)
})

test('a small piece is not held back until the next one comes', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (text.endsWith('abc\r\n')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  })
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  client.send(Buffer.concat([headers(1, post, true), data(1, 'abc')]))
  expect(await client.outcome(1)).toBe(200)
})
