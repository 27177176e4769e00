import { expect, test } from 'vitest'
import { ByteQueue } from '../../../src/balancer/io/byte-queue.ts'

test('bytes come out as they went in, in fewer pieces', () => {
  const queue = new ByteQueue()
  let expected = ''
  let pieces = 0
  let got = ''
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 20_000; i++) {
      const text = `${i},`
      expected += text
      queue.add(Buffer.from(text))
    }
    const large = 'x'.repeat(40_000)
    expected += large
    queue.add(Buffer.from(large))
    expect(queue.length).toBe(expected.length - got.length)
    for (let bytes = queue.shift(); bytes !== undefined; bytes = queue.shift()) {
      pieces++
      got += bytes.toString()
    }
  }
  expect(got).toBe(expected)
  expect(pieces).toBeLessThan(60)
  expect(queue.length).toBe(0)
})

test('bytes that are added while others are taken out stay in order', () => {
  const queue = new ByteQueue()
  queue.add(Buffer.from('ab'))
  expect(queue.shift()?.toString()).toBe('ab')
  queue.add(Buffer.from('cd'))
  queue.add(Buffer.alloc(20_000, 'e'))
  expect(queue.shift()?.toString()).toBe('cd')
  queue.add(Buffer.from('f'))
  expect(queue.shift()?.length).toBe(20_000)
  expect(queue.shift()?.toString()).toBe('f')
  queue.add(Buffer.from('g'))
  queue.clear()
  expect(queue.shift()).toBeUndefined()
  expect(queue.length).toBe(0)
})
