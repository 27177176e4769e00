import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { data, headers, post, preface, settings, settingsAck } from '../http2/support/wire.ts'
import { balance, eventually } from '../support/balance.ts'
import { rawBackend } from '../support/raw-backend.ts'
import { rawClient } from '../support/raw-client.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes in use after a garbage collection. */
function bytesInUse(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const mebibyte = 1024 * 1024

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
  expect(bytesInUse() - before).toBeLessThan(3 * mebibyte)
})
