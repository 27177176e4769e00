import { expect, test } from 'vitest'
import { wrap, wrapName } from '../../src/kit/wrap.ts'

test('lines break at spaces, and later lines are indented', () => {
  expect(wrap('one two three four', 9, 2)).toBe('one two\n  three\n  four')
})

test('a number keeps its percent sign', () => {
  expect(wrap('about 95 % of it', 8)).toBe('about\n95 % of\nit')
})

test('without a width there are no breaks, and a word that is too long stays whole', () => {
  expect(wrap('one two', undefined)).toBe('one two')
  expect(wrap('incomprehensible', 4)).toBe('incomprehensible')
})

test.for([
  ['round-robin', 12, 'round-robin'],
  ['least-connections', 12, 'least-\nconnections'],
  ['weighted-least-connections', 17, 'weighted-least-\nconnections'],
  ['nginx least-connections', 17, 'nginx least-\nconnections'],
  ['haproxyroundrobin', 8, 'haproxyr\noundrobi\nn'],
] as const)('the name %s fits %i characters', ([name, width, lines]) => {
  expect(wrapName(name, width)).toBe(lines)
  for (const line of lines.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
})
