import { expect, test } from 'vitest'
import { defaultWindow } from '../../../src/http2/settings.ts'
import { newWindowBudget, type WindowBudget } from '../../../src/http2/window-budget.ts'
import { type Peer, peer } from './support/peer.ts'
import { data, headers, post } from './support/wire.ts'

const kibibyte = 1024
const mebibyte = 1024 * kibibyte
const limits = { unread: 8 * mebibyte, streamWindow: 4 * mebibyte, maxStreamWindow: 4 * mebibyte }

const zeros = Buffer.alloc(16 * kibibyte)

/** Uploads as much as the window of the connection allows, on streams that are read until `holds`. */
function upload(windowBudget: WindowBudget): Peer & { hold(): number } {
  let reads = true
  let window = defaultWindow
  const tested: Peer = peer({
    windowBudget,
    limits,
    holds: true,
    countsData: true,
    on: {
      data: (stream, bytes) => {
        if (reads) tested.connection.consume(stream, bytes.length)
      },
    },
  })
  let stream = -1
  function send(bytes: number): void {
    const sent = data(stream, zeros.subarray(0, bytes))
    for (const { kind, stream: id, payload } of tested.send(sent)) {
      if (kind === 8 && id === 0) window += payload.readUInt32BE(0)
    }
    window -= bytes
  }
  function open(): void {
    stream += 2
    tested.send(headers(stream, post, 0))
  }
  open()
  for (let round = 0; round < 1000; round++) send(16 * kibibyte)
  return {
    ...tested,
    /** The backends do not read any more: bytes that can be held. */
    hold() {
      reads = false
      let held = 0
      while (window > 0) {
        if (held % (2 * mebibyte) === 0) open()
        const bytes = Math.min(window, 16 * kibibyte)
        send(bytes)
        held += bytes
      }
      return held
    },
  }
}

test('the window of a connection grows with the data that is read, up to its limit', () => {
  const tested = upload(newWindowBudget(1024 * mebibyte))
  const held = tested.hold()
  expect(held).toBeGreaterThan(4 * mebibyte)
  expect(held).toBeLessThanOrEqual(8 * mebibyte)
  expect(tested.happenings.filter(([event]) => event === 'failed')).toEqual([])
})

test('all connections together hold no more than their budget and the default window of each', () => {
  const budget = newWindowBudget(16 * mebibyte)
  const uploads = Array.from({ length: 40 }, () => upload(budget))
  const held = uploads.reduce((sum, one) => sum + one.hold(), 0)
  expect(held).toBeGreaterThan(10 * mebibyte)
  expect(held).toBeLessThanOrEqual(16 * mebibyte + 40 * defaultWindow)
  expect(budget.left).toBeGreaterThanOrEqual(0)
})

test('a connection shrinks its window as others need the budget, and gives it back at its end', () => {
  const budget = newWindowBudget(16 * mebibyte)
  const first = upload(budget)
  const alone = budget.left
  const others = Array.from({ length: 10 }, () => upload(budget))
  const crowded = budget.left
  for (let round = 0; round < 1000; round++) first.send(data(1, zeros))
  expect(budget.left).toBeGreaterThan(crowded)
  expect(alone).toBeGreaterThan(crowded)
  for (const { connection } of [first, ...others]) connection.lost()
  expect(budget.left).toBe(16 * mebibyte)
})
