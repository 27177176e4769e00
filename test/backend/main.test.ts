import { expect, test } from 'vitest'
import type { BackendsConfig, BackendsCounts, BackendsReady } from '../../src/backend/config.ts'
import { modulePath } from '../../src/kit/module-path.ts'
import { startProcess } from '../../src/lab/process.ts'
import { rawConnection } from '../support/http/raw-connection.ts'

const file = modulePath('../../src/backend/main', import.meta.url)
const plan = {
  weight: 1,
  serviceTime: { kind: 'fixed', seconds: 0.002 },
  responseBytes: 3,
  concurrency: 0,
  errorRate: 0,
} as const

test('one process runs many backends, counts each, and closes their ports', async () => {
  await using backends = await startProcess({ name: 'the backends', file })
  const config: BackendsConfig = { backends: [plan, plan], seed: 1 }
  const { ports } = await backends.call<BackendsReady>('start', config)
  expect(new Set(ports).size).toBe(2)

  for (const [i, port] of ports.entries()) {
    await using client = await rawConnection(port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(i + 1))
    const received = await client.until((text) => text.split('xxx').length === i + 2)
    expect(received).toContain(`X-Backend: ${i + 1}\r\n`)
  }
  const { backends: counts } = await backends.call<BackendsCounts>('counts')
  expect(counts.map(({ received, answered }) => [received, answered])).toEqual([
    [1, 1],
    [2, 2],
  ])

  await backends.call('reset')
  const { backends: afterReset } = await backends.call<BackendsCounts>('counts')
  expect(afterReset.map(({ received }) => received)).toEqual([0, 0])

  await backends.call('stop')
  await expect(rawConnection(ports[0] as number)).rejects.toThrow('ECONNREFUSED')
})

test('a port in use is named in the error', async () => {
  await using first = await startProcess({ name: 'the backends', file })
  await using second = await startProcess({ name: 'the backends', file })
  const { ports } = await first.call<BackendsReady>('start', { backends: [plan], seed: 1 })
  const port = ports[0] as number
  const started = second.call('start', { backends: [plan], seed: 1, port })
  await expect(started).rejects.toThrow(`127.0.0.1:${port}: the port is in use`)
})
