import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { data, get, headers, post, preface, settings, settingsAck } from '../http2/support/wire.ts'
import { balance, eventually } from '../support/balance.ts'
import { h2Client } from '../support/h2-client.ts'
import { rawBackend } from '../support/raw-backend.ts'
import { rawClient } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes in use after a garbage collection. */
function bytesInUse(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const mebibyte = 1024 * 1024

/** The bytes in use beyond `before`, read again until they fit: V8 frees the buffers of a collection in another thread, later. */
const bytesBeyond = (before: number) =>
  expect.poll(() => bytesInUse() - before, { timeout: 30_000, interval: 100 })

test('an upload in frames of one byte that no backend reads takes little more memory than its bytes', async () => {
  await using backend = await rawBackend((socket) => socket.pause())
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(Buffer.concat([preface, settings(), settingsAck]))
  client.send(headers(1, [...post, ['content-length', '1000000']], 0))
  await eventually(() => balancer.counts().inFlight[0] === 1)
  const before = bytesInUse()
  client.send(Buffer.concat(Array.from({ length: 60_000 }, () => data(1, 'x'))))
  await eventually(() => client.socket.bytesWritten > 600_000 && client.socket.writableLength === 0)
  // The balancer has read all of it when it acknowledges what follows.
  client.send(Buffer.concat([headers(3, [...post, ['content-length', '1']], 0), data(3, '')]))
  await eventually(() => balancer.counts().inFlight[0] === 2)
  await bytesBeyond(before).toBeLessThan(3 * mebibyte)
})

test('uploads on many streams that no backend reads are bounded for each connection, whatever their number', async () => {
  await using backend = await rawBackend((socket) => socket.pause())
  await using balancer = await balance([backend.port])
  const before = bytesInUse()
  await using client = await h2Client(balancer.port)
  const part = Buffer.alloc(4 * mebibyte)
  const streams = Array.from({ length: 50 }, () => client.open({ ':method': 'POST' }))
  for (const stream of streams) stream.write(part)
  await eventually(() => balancer.counts().inFlight[0] === 50)
  // Until the client may send nothing more on the connection.
  let sent = -1
  await eventually(async () => {
    const { bytesWritten } = client.session.socket
    const unchanged = bytesWritten === sent
    sent = bytesWritten
    await new Promise((resolve) => setTimeout(resolve, 200))
    return unchanged
  })
  await bytesBeyond(before).toBeLessThan(40 * mebibyte)
})

test('responses on many streams whose client opens no window are bounded for each stream', async () => {
  const large = Buffer.alloc(2 * mebibyte, 'x')
  await using backend = await recordingBackend((_, response) => response.end(large))
  await using balancer = await balance([backend.port])
  const before = bytesInUse()
  await using client = await rawClient(balancer.port)
  client.send(Buffer.concat([preface, settings([4, 0]), settingsAck]))
  const ids = Array.from({ length: 100 }, (_, index) => 2 * index + 1)
  client.send(Buffer.concat(ids.map((id) => headers(id, get))))
  await eventually(() => backend.requests.length === 100)
  await eventually(() => balancer.clients().length > 0 && client.text().length > 1000)
  await new Promise((resolve) => setTimeout(resolve, 500))
  // 200 MiB of responses; some wait in the sockets of the backend, which is in this process.
  await bytesBeyond(before).toBeLessThan(40 * mebibyte)
})
