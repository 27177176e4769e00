import { fork } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import type { BalancerCounts, BalancerReady } from '../../src/balancer/config.ts'
import type { Told } from '../../src/kit/child.ts'
import { configFor } from './support/balance.ts'
import { exchange } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

/** The balancer as a process, asked as src/kit/child.ts says. */
function balancerProcess() {
  const child = fork(new URL('../../src/balancer/main.ts', import.meta.url))
  let id = 0
  return {
    child,
    async ask(question: string, payload: unknown = null): Promise<Told> {
      child.send({ id: ++id, ask: question, with: payload })
      const [told] = await once(child, 'message')
      return told as Told
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

test('starts, counts and stops as its parent asks, and leaves with it', async () => {
  await using backend = await recordingBackend()
  await using balancer = balancerProcess()
  const ready = await balancer.ask('start', configFor([backend.port], { workers: 2 }))
  const { port } = (ready as { answer: BalancerReady }).answer
  expect(await exchange(port, get)).toMatch(/^HTTP\/1\.1 200 /)
  const counted = (await balancer.ask('counts')) as { answer: BalancerCounts }
  expect(counted.answer).toMatchObject({ requests: 1, answered: 1, perBackend: [1], inFlight: [0] })
  expect(await balancer.ask('stop')).toMatchObject({ answer: null })
  balancer.child.disconnect()
  expect(await once(balancer.child, 'exit')).toEqual([0, null])
})

test('says that a port in use is the configuration’s fault', async () => {
  await using backend = await recordingBackend()
  await using balancer = balancerProcess()
  const told = await balancer.ask('start', configFor([1], { port: backend.port }))
  expect(told).toMatchObject({
    failed: { message: `127.0.0.1:${backend.port} is in use`, usage: true },
  })
})
