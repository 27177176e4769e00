import { expect, test } from 'vitest'
import { fill } from '../../src/targets/template.ts'

test('known names are replaced, and other braces stay', () => {
  expect(fill('listen {port}; { {unknown} $host }', { port: 80 })).toBe(
    'listen 80; { {unknown} $host }',
  )
})

test('each line of a value is indented like the line that it is in', () => {
  expect(fill('a {\n  {servers}\n}', { servers: 'one\ntwo' })).toBe('a {\n  one\n  two\n}')
})

test('a value is inserted literally, not as a replacement pattern', () => {
  expect(fill('{a}', { a: '$& {b}', b: 'no' })).toBe('$& {b}')
})
