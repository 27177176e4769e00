import { expect, test } from 'vitest'
import { frameReader, framesOf } from '../../src/engine/frame.ts'

const long = { text: 'é\n"🙂'.repeat(2000), list: [1, { a: null }] }

test('a message of any length is divided into lines of at most 900 bytes, and read again', () => {
  const lines = framesOf(12, long)
  expect(lines.length).toBeGreaterThan(20)
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(900)
  expect(lines.filter((line) => /[^ -~]/.test(line))).toEqual([])
  const read = frameReader({})
  expect(lines.flatMap((line) => read(line) ?? [])).toEqual([{ agent: 12, message: long }])
})

test('lines of several agents may alternate, and other output goes elsewhere', () => {
  const other: string[] = []
  const read = frameReader({ other: (line) => other.push(line) })
  const [a, b] = [framesOf(0, long), framesOf(1, { ...long, b: true })]
  const mixed = [
    'Welcome to n1',
    ...a.flatMap((line, i) => [line, b[i] ?? '']),
    ...b.slice(a.length),
  ]
  const found = mixed.flatMap((line) => read(line) ?? [])
  expect(found).toEqual([
    { agent: 0, message: long },
    { agent: 1, message: { ...long, b: true } },
  ])
  expect(other.filter((line) => line !== '')).toEqual(['Welcome to n1'])
})

test('an agent reads only its own frames', () => {
  const read = frameReader({ only: 1 })
  const lines = [...framesOf(0, 'for 0'), ...framesOf(1, 'for 1')]
  expect(lines.flatMap((line) => read(line) ?? [])).toEqual([{ agent: 1, message: 'for 1' }])
})

test('a message whose first part is missing is an error, not another message', () => {
  const read = frameReader({})
  const [, ...rest] = framesOf(0, long)
  expect(() => rest.map(read)).toThrow(SyntaxError)
})
