import { expect, test } from 'vitest'
import { readBytes } from '../../src/kit/read-bytes.ts'

async function* endless() {
  for (;;) yield Buffer.from('abc')
}

test('a stream without an end is read up to the limit', async () => {
  const { bytes, isCut } = await readBytes(endless(), 10_000)
  expect(bytes.toString()).toBe('abc'.repeat(3334).slice(0, 10_000))
  expect(isCut).toBe(true)
})

test.for([0, 1, 3, 5000])(
  'a stream of %i pieces within the limit is read whole',
  async (pieces) => {
    async function* stream() {
      for (let i = 0; i < pieces; i++) yield Buffer.from('abc')
    }
    const { bytes, isCut } = await readBytes(stream(), 3 * pieces)
    expect(bytes.toString()).toBe('abc'.repeat(pieces))
    expect(isCut).toBe(false)
  },
)
