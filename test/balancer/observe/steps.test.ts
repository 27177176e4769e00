import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { stepMeans } from '../../../src/kit/step-means.ts'
import { type StepName, stepNames } from '../../../src/kit/steps.ts'
import { balance, eventually, type TestBalancer } from '../support/balance.ts'
import { rawBackend } from '../support/raw-backend.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'

const delayMs = 300
const settings = { observe: { steps: true } }

/** The step that took longest, among `steps`. */
function longest(balancer: TestBalancer, steps: readonly StepName[] = stepNames): StepName {
  const means = stepMeans([], balancer.steps())?.mean
  const [first] = steps.toSorted((a, b) => (means?.[b] ?? 0) - (means?.[a] ?? 0))
  return first as StepName
}

/** One request through a balancer, sent by `send`, which a backend answers after `before` and `within` ms. */
async function served(
  send: (client: RawClient) => Promise<void>,
  { before = 0, within = 0, bytes = 2 } = {},
): Promise<TestBalancer> {
  await using backend = await rawBackend((socket, text) => {
    if (!text.endsWith('\r\n\r\n') && !text.endsWith('end')) return
    setTimeout(() => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\no`)
      setTimeout(() => socket.write('k'.repeat(bytes - 1)), within)
    }, before)
  })
  await using balancer = await balance([backend.port], settings)
  await using client = await rawClient(balancer.port)
  await send(client)
  await eventually(() => balancer.steps().flat().length === 1)
  return balancer
}

const get = async (client: RawClient) => client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')

test('a head that comes slowly, a slow backend and a slow body each show in their step', async () => {
  const slowHead = await served(async (client) => {
    client.send('GET / HTTP/1.1\r\n')
    await wait(delayMs)
    client.send('Host: a\r\n\r\n')
  })
  expect(longest(slowHead)).toBe('head')
  expect(longest(await served(get, { before: delayMs }))).toBe('backend')
  expect(longest(await served(get, { within: delayMs }))).toBe('response')
})

test('a client that sends its body slowly, or reads slowly, shows in its step', async () => {
  const slowBody = await served(async (client) => {
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n.')
    await wait(delayMs)
    client.send('end')
  })
  expect(longest(slowBody)).toBe('request')
  const slowReader = await served(
    async (client) => {
      client.socket.pause()
      await get(client)
      await wait(2 * delayMs)
      client.socket.resume()
    },
    { bytes: 2 ** 24 },
  )
  // The kernel takes several MiB before the backend has to wait: that is time of the response.
  const others = stepNames.filter((name) => name !== 'response')
  expect(longest(slowReader, others)).toBe('client')
})

test('a backend that keeps a request and closes shows as lost time', async () => {
  await using dead = await rawBackend((socket) => {
    setTimeout(() => socket.destroy(), delayMs)
  })
  await using live = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  await using balancer = await balance([dead.port, live.port], settings)
  await using client = await rawClient(balancer.port)
  await get(client)
  await client.until(/ok$/)
  await eventually(() => balancer.steps().flat().length === 1)
  expect(longest(balancer)).toBe('retries')
})

test('a local reply has no steps, and without the setting none are taken', async () => {
  await using backend = await rawBackend((socket) => void socket.destroy())
  await using timed = await balance([backend.port], settings)
  await using client = await rawClient(timed.port)
  await get(client)
  await client.until(/502/)
  expect(timed.steps()).toEqual([[]])
  await using other = await balance([backend.port])
  expect(other.steps()).toEqual([])
})
