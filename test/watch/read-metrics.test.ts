import { expect, test } from 'vitest'
import { readMetrics } from '../../src/watch/read-metrics.ts'

const read = (text: string) => Object.fromEntries(readMetrics(text))

test('names, labels with escapes, and values are those of the text', () => {
  const text = [
    '# HELP a Some help, with \\\\ and "quotes".',
    '# TYPE a counter',
    'a 1',
    'a{} 2 1395066363000',
    'a{backend="http://h:1/{x}, \\"y\\"", path="C:\\\\DIR\\\\n\\nb",} 3e2',
    '  a { x = "1" , y="\\u" }  -.5  ',
    '',
    'b:c_total +4.25\r',
  ].join('\n')
  expect(read(text)).toEqual({
    a: [
      { labels: {}, value: 1 },
      { labels: {}, value: 2 },
      { labels: { backend: 'http://h:1/{x}, "y"', path: 'C:\\DIR\\n\nb' }, value: 300 },
      { labels: { x: '1', y: '\\u' }, value: -0.5 },
    ],
    'b:c_total': [{ labels: {}, value: 4.25 }],
  })
})

test.for([
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['NaN', Number.NaN],
  ['1.5E-3', 0.0015],
  ['9007199254740993', 9007199254740992],
] as const)('the value %s', ([text, value]) => {
  expect(read(`a ${text}`)).toEqual({ a: [{ labels: {}, value }] })
})

test('what newer formats add: quoted names, exemplars, the end mark', () => {
  const text = [
    '{"my.metric", "my.label"="1", other="2"} 3',
    'a_bucket{le="0.1"} 8 # {trace_id="x y"} 0.07 1520879607.789',
    'b{le="+Inf"} 2 1520879607.789',
    '# EOF',
  ].join('\n')
  expect(read(text)).toEqual({
    'my.metric': [{ labels: { 'my.label': '1', other: '2' }, value: 3 }],
    a_bucket: [{ labels: { le: '0.1' }, value: 8 }],
    b: [{ labels: { le: '+Inf' }, value: 2 }],
  })
})

test('names of JavaScript are names like any other', () => {
  const metrics = readMetrics('constructor{__proto__="x"} 1')
  expect(metrics.get('constructor')?.[0]?.labels).toEqual(Object.fromEntries([['__proto__', 'x']]))
})

test.for([
  ['<!doctype html>', 'line 1, column 1: the name of a metric expected'],
  ['a 1\nb', 'line 2, column 2: a number expected'],
  ['a 0x10', 'line 1, column 7: a number expected'],
  ['a 1 2 3', 'line 1, column 4: a timestamp or the end of the line expected'],
  ['a{b="1" 2', 'line 1, column 9: "," or "}" expected'],
  ['a{b=1} 2', 'line 1, column 5: a value in double quotes expected'],
  ['a{b="1} 2', 'line 1, column 5: a value in double quotes expected'],
  ['a{b} 2', 'line 1, column 4: "=" expected'],
  ['{b="1"} 2', 'line 1, column 10: the name of a metric expected'],
] as const)('%j is refused with its place', ([text, message]) => {
  expect(() => readMetrics(text)).toThrow(message)
})
