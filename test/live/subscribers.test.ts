import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { type EventStream, subscribers } from '../../src/live/subscribers.ts'

/** A stream whose reader takes everything, or nothing until `read`. */
function stream(isDeaf = false) {
  const received: string[] = []
  let waiting = 0
  const own = Object.assign(new EventEmitter(), {
    received,
    isDestroyed: false,
    write(text: string) {
      received.push(text)
      if (isDeaf) waiting += text.length
      return true
    },
    end() {
      if (!isDeaf) own.emit('close')
    },
    destroy() {
      own.isDestroyed = true
      own.emit('close')
    },
    read: () => {
      waiting = 0
    },
  })
  Object.defineProperty(own, 'writableLength', { get: () => waiting })
  return own as unknown as typeof own & EventStream
}

test('a reader that does not read gets no more than it can hold, and later the past in place of what it missed', () => {
  const pages = subscribers(() => '{"past":1}')
  const [deaf, other] = [stream(true), stream()]
  pages.add(deaf)
  pages.add(other)
  const news = JSON.stringify('x'.repeat(100_000))
  for (let i = 0; i < 20; i++) pages.send(news)
  expect(other.received).toHaveLength(21)
  expect(deaf.received.join('').length).toBeLessThan(500_000)
  const before = deaf.received.length
  deaf.read()
  pages.send('{"news":1}')
  pages.send('{"news":2}')
  expect(deaf.received.slice(before)).toEqual(['data: {"past":1}\n\n', 'data: {"news":2}\n\n'])
})

test('the end waits for no reader that does not read', async () => {
  const pages = subscribers(() => '{}')
  const [deaf, other] = [stream(true), stream()]
  pages.add(deaf)
  pages.add(other)
  await pages.end()
  expect([deaf.isDestroyed, other.isDestroyed, pages.count]).toEqual([true, false, 0])
})

test('a page that is closed is forgotten, and there is a maximum of pages', () => {
  const pages = subscribers(() => '{}')
  const streams = Array.from({ length: 40 }, () => stream())
  for (const one of streams) pages.add(one)
  expect(pages.count).toBe(32)
  expect(streams.at(-1)?.received).toEqual([])
  streams[0]?.emit('close')
  expect(pages.count).toBe(31)
})
