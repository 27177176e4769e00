import { expect, test } from 'vitest'
import { liveMessages } from '../../src/app/live-messages.ts'
import type { LiveHead, LiveMessage } from '../../src/live/live-message.ts'

const point = (at: number) => ({ at, seconds: 0.1, done: 1, failed: 0 })
const head = (current: string) => ({ current }) as LiveHead

/** A receiver that takes each message when it is told to. */
function receiver() {
  const received: LiveMessage[] = []
  const waiting: PromiseWithResolvers<void>[] = []
  const lost: string[] = []
  const messages = liveMessages(
    (message) => {
      received.push(message)
      const taken = Promise.withResolvers<void>()
      waiting.push(taken)
      return taken.promise
    },
    (reason) => lost.push(reason),
  )
  return { received, lost, messages, take: () => waiting.shift()?.resolve(), waiting }
}

test('one message is under way at a time, and those that come meanwhile are one', async () => {
  const { received, messages, take } = receiver()
  messages.add({ points: [point(1)] })
  messages.add({ head: head('first'), points: [point(2)] })
  messages.add({ head: head('second'), points: [point(3)] })
  expect(received).toEqual([{ points: [point(1)], trials: [] }])
  take()
  await Promise.resolve()
  await Promise.resolve()
  expect(received.slice(1)).toEqual([
    { head: head('second'), points: [point(2), point(3)], trials: [] },
  ])
  take()
  await messages.settled(10_000)
  messages.add({ points: [point(4)] })
  expect(received).toHaveLength(3)
})

test('a receiver that takes nothing holds nobody, and memory is bounded', async () => {
  const { received, messages, take } = receiver()
  for (let i = 0; i < 30_000; i++) messages.add({ points: [point(i)] })
  await messages.settled(1)
  take()
  await Promise.resolve()
  await Promise.resolve()
  expect(received[1]?.points).toHaveLength(20_000)
  expect(received[1]?.points?.at(-1)).toEqual(point(29_999))
})

test('after a failure it is lost once, and nothing more is sent', async () => {
  const { received, lost, messages, waiting } = receiver()
  messages.add({ points: [point(1)] })
  waiting.shift()?.reject(new Error('the live page was ended by SIGKILL'))
  await messages.settled(10_000)
  messages.add({ points: [point(2)] })
  await messages.settled(10_000)
  expect(lost).toEqual(['the live page was ended by SIGKILL'])
  expect(received).toHaveLength(1)
})
