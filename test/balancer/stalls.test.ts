import { expect, test } from 'vitest'
import { balance, eventually } from './support/balance.ts'
import { rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

test('what a client sent in time is read before its time limit is checked, however long we stalled', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { timeouts: { head: 0.2, keepAlive: 0.2 } })
  await using client = await rawClient(balancer.port)
  await eventually(() => balancer.clients().length === 1)
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const until = performance.now() + 1000
  // Blocks the thread of the balancer.
  while (performance.now() < until);
  expect(await client.until(/ok$/)).toMatch(/^HTTP\/1.1 200 /)
})
