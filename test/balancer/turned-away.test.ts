import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { checkConfig } from '../../src/balancer/config/config.ts'
import { newAdmission } from '../../src/balancer/supervisor/admission.ts'
import { balance, configFor, eventually } from './support/balance.ts'
import { rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n'
const limits = { connections: 1 }
const timeouts = { linger: 0.2 }

/** A connection that never closes its side, whatever the other side does, and what it received. */
async function stubborn(port: number): Promise<{ socket: Socket; received(): string }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let received = ''
  socket.on('error', () => undefined)
  socket.on('data', (bytes: Buffer) => {
    received += bytes
  })
  await once(socket, 'connect')
  return { socket, received: () => received }
}

test('connections beyond the limit get 503, and end though their clients never close', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { workers: 1, limits, timeouts })
  await using one = await rawClient(balancer.port)
  one.send(get)
  await one.until(/ok$/)
  const others = await Promise.all([1, 2, 3].map(() => stubborn(balancer.port)))
  await eventually(() => others.every(({ received }) => received().startsWith('HTTP/1.1 503 ')))
  // A connection that the other side has closed in full resets what is written to it.
  await eventually(() => {
    for (const { socket } of others) if (!socket.destroyed) socket.write('x')
    return others.every(({ socket }) => socket.destroyed)
  })
  expect(balancer.counts().turnedAway).toBe(3)
  one.send(get)
  await one.until(/ok.*ok$/s)
})

test('when too many are still leaving, and over TLS, they are closed at once', () => {
  const full = { dispatch: () => undefined, open: () => 1 }
  const settings = checkConfig(configFor([1], { limits }))
  using admission = newAdmission(() => settings, full)
  const sockets = Array.from({ length: 300 }, () => new Socket())
  for (const socket of sockets) admission.admit(socket)
  expect(admission.turnedAway()).toBe(300)
  expect([sockets.at(0)?.destroyed, sockets.at(-1)?.destroyed]).toEqual([false, true])
  const { tls } = checkConfig(configFor([1], { tls: { certificate: 'chain.pem', key: 'key.pem' } }))
  using overTls = newAdmission(() => ({ ...settings, tls }), full)
  const socket = new Socket()
  overTls.admit(socket)
  expect(socket.destroyed).toBe(true)
})
