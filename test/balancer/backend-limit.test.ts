import { expect, test } from 'vitest'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { configFor, eventually } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange } from './support/raw-client.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

test.for([1, 2])('a backend at its limit is passed over, %i workers', async (workers) => {
  await using a = await rawBackend(() => undefined)
  await using b = await rawBackend(() => undefined)
  const limits = { backendRequests: 2 }
  await using balancer = await startBalancer(configFor([a.port, b.port], { workers, limits }))
  const waiting = Array.from({ length: 4 }, () => exchange(balancer.port, get))
  await eventually(() => a.sockets.length === 2 && b.sockets.length === 2)
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 503 /)
  expect(balancer.counts().inFlight).toEqual([2, 2])
  await a.until(/GET .*GET /s)
  await b.until(/GET .*GET /s)
  for (const socket of [...a.sockets, ...b.sockets]) {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  }
  for (const response of await Promise.all(waiting)) expect(response).toMatch(/ok$/)
  await eventually(() => balancer.counts().inFlight.every((count) => count === 0))
  const next = exchange(balancer.port, get)
  await eventually(
    () => a.received.join('').split('GET ').length + b.received.join('').split('GET ').length === 7,
  )
  for (const socket of [...a.sockets, ...b.sockets]) {
    if (!socket.destroyed) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  }
  expect(await next).toMatch(/ok$/)
})
