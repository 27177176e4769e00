import { expect, test } from 'vitest'
import { printable, printableJson, printableLines } from '../../src/kit/printable.ts'

test.for([
  ['a\u001b[2Jb', 'a\\x1b[2Jb'],
  ['a\u009b31m\u0000', 'a\\x9b31m\\x00'],
  ['a \r\n\tb', 'a b'],
  ['a\u202eb\ud800', 'a\\u202eb\\ud800'],
  ['µs × 2 – “ok” 𝛿', 'µs × 2 – “ok” 𝛿'],
] as const)('%j on one printable line', ([text, shown]) => {
  expect(printable(text)).toBe(shown)
})

test('colours stay where the terminal has them, and no other escape', () => {
  const text = '\u001b[1mhead\u001b[0m\r\n\ta\u001b[2J\r'
  expect(printableLines(text, { colour: true })).toBe('\u001b[1mhead\u001b[0m\r\n\ta\\x1b[2J\\x0d')
  expect(printableLines('\u001b[1m', { colour: false })).toBe('\\x1b[1m')
})

test('JSON has no acting character and the same value', () => {
  const value = { text: 'a\n\u0000\u007f\u009b\u202e' }
  const json = printableJson(value)
  expect(json).toMatch(/^[\n -~]+$/)
  expect(JSON.parse(json)).toEqual(value)
})
