import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startAgent } from '../../src/engine/agent.ts'
import type { FromAgent } from '../../src/engine/messages.ts'
import type { ChildEvents } from '../../src/engine/node-child.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const usage = {
  ...{ busySeconds: 2, stealSeconds: 0, pressureSeconds: undefined, throttledSeconds: 0 },
  ...{ swappedPages: 0, ownSeconds: 1 },
}

/** An agent whose children are recorded, not started. */
function fakeAgent() {
  const sent: FromAgent[] = []
  const received: unknown[] = []
  const children: ChildEvents[] = []
  const end = vi.fn()
  const agent = startAgent({
    facts: { lb: '1.0.0', nodeVersion: '26.0.0', cpus: 4, addresses: ['10.0.0.1'] },
    send: (message) => sent.push(message),
    startChild(_, events) {
      children.push(events)
      return { pid: 100 + children.length, send: (one) => received.push(one), stop: () => {} }
    },
    meter: () => {
      throw new Error('not measured here')
    },
    meterNode: () => ({ open() {}, close() {}, usage: () => usage }),
    end,
  })
  return {
    agent,
    end,
    children,
    received,
    sent,
    spoken: () => sent.filter(({ is }) => is !== 'alive'),
  }
}

test('an agent ends 4 s after the last word of its coordinator, and no earlier', async () => {
  const { agent, end } = fakeAgent()
  for (let second = 0; second < 5; second++) {
    await vi.advanceTimersByTimeAsync(3900)
    agent.receive({ do: 'alive' })
  }
  expect(end).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(3900)
  expect(end).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(400)
  expect(end).toHaveBeenCalledOnce()
})

test('an agent ends at its time, though its coordinator is there', async () => {
  const { agent, end } = fakeAgent()
  agent.receive({ do: 'hello', maxSeconds: 10 })
  for (let second = 0; second < 10; second++) {
    expect(end).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    agent.receive({ do: 'alive' })
  }
  expect(end).toHaveBeenCalled()
})

test('it says that it is there twice a second, and responds to questions', async () => {
  const { agent, sent, spoken } = fakeAgent()
  await vi.advanceTimersByTimeAsync(2000)
  expect(sent).toEqual(Array(4).fill({ is: 'alive' }))
  agent.receive({ do: 'hello', maxSeconds: 100 })
  agent.receive({ do: 'ping', id: 7 })
  expect(spoken()).toEqual([
    { is: 'hello', lb: '1.0.0', nodeVersion: '26.0.0', cpus: 4, addresses: ['10.0.0.1'] },
    { is: 'pong', id: 7, atMs: expect.any(Number) },
  ])
})

test('requests and messages are passed on, and how a process ended', () => {
  const { agent, children, received, spoken } = fakeAgent()
  agent.receive({ do: 'start', process: 5, program: 'driver' })
  const request = { id: 1, ask: 'load', with: { seed: 1 } }
  agent.receive({ do: 'send', process: 5, request })
  children[0]?.message({ event: 'ready', with: null })
  children[0]?.ended({ reason: 'was ended by SIGKILL', logTail: '' })
  agent.receive({ do: 'send', process: 5, request })
  expect(received).toEqual([request])
  expect(spoken()).toEqual([
    { is: 'started', process: 5, pid: 101 },
    { is: 'message', process: 5, message: { event: 'ready', with: null } },
    { is: 'ended', process: 5, reason: 'was ended by SIGKILL', logTail: '' },
  ])
})

test('the usage of the node is sent once its window is closed', () => {
  const { agent, spoken } = fakeAgent()
  agent.receive({ do: 'watch', edge: 'open' })
  expect(spoken()).toEqual([])
  agent.receive({ do: 'watch', edge: 'close' })
  expect(spoken()).toEqual([{ is: 'usage', usage }])
})

test('a request waits for its moment, by the clock of the agent', async () => {
  vi.useRealTimers()
  const { agent, received, spoken } = fakeAgent()
  agent.receive({ do: 'start', process: 5, program: 'driver' })
  const request = { id: 1, ask: 'begin', with: null }
  const atMs = performance.timeOrigin + performance.now() + 20
  agent.receive({ do: 'send', process: 5, request, atMs })
  expect(received).toEqual([])
  await vi.waitFor(() => expect(received).toEqual([request]))
  expect(spoken().find(({ is }) => is === 'sent')).toMatchObject({ process: 5 })
  expect(spoken().flatMap((one) => (one.is === 'sent' ? one.atMs : []))[0]).toBeGreaterThanOrEqual(
    atMs,
  )
})
