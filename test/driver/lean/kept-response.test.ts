import { expect, test } from 'vitest'
import { type KeptResponse, keepBody } from '../../../src/driver/lean/kept-response.ts'

function nothingKept(): KeptResponse {
  return { wantsHead: false, wantsBody: true, head: undefined, body: [], bodyBytes: 0 }
}

test('very many small pieces of a body are kept in few', () => {
  const kept = nothingKept()
  for (let i = 0; i < 100_000; i++) keepBody(kept, Buffer.from([i & 0xff]), 0, 1)
  expect(kept.body.length).toBeLessThan(30)
  expect(Buffer.concat(kept.body)).toEqual(
    Buffer.from(Array.from({ length: 100_000 }, (_, i) => i & 0xff)),
  )
})

test('small and large pieces stay in their order', () => {
  const kept = nothingKept()
  const sizes = Array.from({ length: 300 }, (_, i) => (i % 7 === 0 ? 5000 : (i * 37) % 1023))
  const pieces = sizes.map((size, i) => Buffer.alloc(size, i))
  for (const piece of pieces) keepBody(kept, piece, 0, piece.length)
  expect(Buffer.concat(kept.body)).toEqual(Buffer.concat(pieces))
})
