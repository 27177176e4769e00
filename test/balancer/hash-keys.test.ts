import { expect, test } from 'vitest'
import { balance } from './support/balance.ts'
import { exchange } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const asks = (target: string, more = '') =>
  `GET ${target} HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n${more}\r\n`

test.for([
  ['path', (key: string) => asks(`/${key}?n=${Math.random()}`)],
  ['path', (key: string) => asks(`http://lb.test/${key}`)],
  ['query:id', (key: string) => asks(`/?n=1&id=${key}&m=2`)],
  ['header:X-User', (key: string) => asks('/', `x-user: ${key}\r\n`)],
  ['cookie:session', (key: string) => asks('/', `Cookie: a=b; session=${key}\r\n`)],
] as const)(
  'requests of one %s all go to one backend, and of others to others',
  async ([key, of]) => {
    await using a = await recordingBackend()
    await using b = await recordingBackend()
    await using balancer = await balance([a.port, b.port], { algorithm: 'rendezvous', key })
    const before = () => [...balancer.counts().perBackend]
    const homes = new Set<string>()
    for (let n = 0; n < 16; n++) {
      const start = before()
      await exchange(balancer.port, of(`user-${n}`))
      await exchange(balancer.port, of(`user-${n}`))
      const went = before().map((sent, row) => sent - (start[row] ?? 0))
      expect([
        [2, 0],
        [0, 2],
      ]).toContainEqual(went)
      homes.add(went.join())
    }
    // With a fair hash, all 16 go to one of the two with a chance of 2 to 65,536.
    expect(homes.size).toBe(2)
    expect(balancer.counts().keyless).toBe(0)
  },
)

test('requests without the key are counted, and spread', async () => {
  await using a = await recordingBackend()
  await using b = await recordingBackend()
  await using balancer = await balance([a.port, b.port], {
    algorithm: 'rendezvous',
    key: 'cookie:session',
  })
  for (let n = 0; n < 10; n++) await exchange(balancer.port, asks('/'))
  expect(balancer.counts()).toMatchObject({ keyless: 10, perBackend: [5, 5] })
})

test('what a client says of its address does not choose its backend', async () => {
  await using a = await recordingBackend()
  await using b = await recordingBackend()
  await using balancer = await balance([a.port, b.port], { algorithm: 'rendezvous' })
  for (let n = 0; n < 16; n++) {
    const claims = `X-Forwarded-For: 10.0.0.${n}\r\nForwarded: for=10.0.0.${n}\r\n`
    await exchange(balancer.port, asks('/', claims))
  }
  expect(balancer.counts().perBackend.toSorted()).toEqual([0, 16])
})
