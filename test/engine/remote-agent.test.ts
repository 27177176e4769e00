import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AgentPort } from '../../src/engine/launcher.ts'
import type { FromAgent, ToAgent } from '../../src/engine/messages.ts'
import { clockMs } from '../../src/engine/node-clock.ts'
import { ownVersion } from '../../src/engine/own-version.ts'
import { greetAgent } from '../../src/engine/remote-agent.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** An agent of this version of lb, whose clock is so many ms ahead; it responds at once, unless it is mute. */
function fakePort({ lb = ownVersion(), aheadMs = 0, isMute = false }) {
  const received: ToAgent[] = []
  const ended = Promise.withResolvers<string>()
  let heard: (message: FromAgent) => void = () => {}
  const port: AgentPort = {
    node: 'host1',
    send(message) {
      received.push(message)
      if (isMute) return
      if (message.do === 'hello') {
        heard({ is: 'hello', lb, nodeVersion: '26.0.0', cpus: 2, addresses: ['10.0.0.1'] })
      }
      if (message.do === 'ping') heard({ is: 'pong', id: message.id, atMs: clockMs() + aheadMs })
    },
    listen(listener) {
      heard = listener
    },
    ended: ended.promise,
  }
  const { signal } = new AbortController()
  const greeted = greetAgent(port, { maxSeconds: 60, readySeconds: 20, signal })
  greeted.catch(() => undefined)
  return { greeted, received, end: ended.resolve, say: (message: FromAgent) => heard(message) }
}

test('an agent is greeted with its time limit, its clock is asked for 8 times, and it hears of the coordinator every second', async () => {
  const { greeted, received } = fakePort({ aheadMs: 250 })
  const agent = await greeted
  expect(agent).toMatchObject({ node: 'host1', cpus: 2, isLost: false })
  expect(agent.clock.offsetMs).toBeCloseTo(250, 0)
  expect(received[0]).toEqual({ do: 'hello', maxSeconds: 60 })
  expect(received.filter((one) => one.do === 'ping')).toHaveLength(8)
  await vi.advanceTimersByTimeAsync(2000)
  expect(received.filter((one) => one.do === 'alive')).toHaveLength(2)
})

test('an agent that says nothing for 3 s is lost', async () => {
  const { greeted, say } = fakePort({})
  const agent = await greeted
  for (let i = 0; i < 10; i++) {
    await vi.advanceTimersByTimeAsync(500)
    say({ is: 'alive' })
  }
  expect(agent.isLost).toBe(false)
  await vi.advanceTimersByTimeAsync(3250)
  expect(agent.isLost).toBe(true)
  await expect(agent.lost).resolves.toBe('was silent for 3 s')
})

test('another version of lb, and a clock that is off by more than a second, are refused', async () => {
  const { greeted } = fakePort({ lb: '0.0.1' })
  await expect(greeted).rejects.toThrow('node host1 has lb 0.0.1, and this host')
  const { greeted: late } = fakePort({ aheadMs: -3200 })
  await expect(late).rejects.toThrow('the clock of node host1 is 3.2 s behind that of this host')
})

test('an agent that ends, or does not respond, is an error with its node', async () => {
  const { greeted, end } = fakePort({ isMute: true })
  end('has no such program (sh: 1: exec: node: not found)')
  await expect(greeted).rejects.toThrow('node host1 has no such program')
  const { greeted: never } = fakePort({ isMute: true })
  await vi.advanceTimersByTimeAsync(20_000)
  await expect(never).rejects.toThrow('node host1 did not respond in 20 s')
})
