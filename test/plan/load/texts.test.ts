import { describe, expect, test } from 'vitest'
import { captureOf } from '../../../src/plan/load/capture.ts'
import { checkOf } from '../../../src/plan/load/check.ts'
import { csvRow } from '../../../src/plan/load/csv-row.ts'
import { pauseOf } from '../../../src/plan/load/pause.ts'
import { shapeStages, shapes } from '../../../src/plan/load/shapes.ts'
import { levelOf, stageText } from '../../../src/plan/load/stage-text.ts'
import { templateParts } from '../../../src/plan/load/template.ts'

describe('checks', () => {
  test.each([
    ['status is 200', { kind: 'status' }, { kind: 'is', value: '200' }],
    ['status is not 5xx', { kind: 'status' }, { kind: 'is not', value: '5xx' }],
    ['status < 400', { kind: 'status' }, { kind: '<', value: 400 }],
    ['time < 100ms', { kind: 'time' }, { kind: '<', value: 0.1 }],
    ['header X-Token exists', { kind: 'header', name: 'x-token' }, { kind: 'exists' }],
    ['body contains "a b"', { kind: 'body' }, { kind: 'contains', value: 'a b' }],
    ['body matches /id=\\d+/', { kind: 'body' }, { kind: 'matches', value: 'id=\\d+' }],
    ['json /items/0/id is 7', { kind: 'json', pointer: '/items/0/id' }, { kind: 'is', value: '7' }],
  ])('%s', (text, subject, test_) => {
    expect(checkOf(text)).toEqual({ text, subject, test: test_ })
  })

  test.each([
    'status',
    'status is ok',
    'status is 2000',
    'time is 100ms',
    'time < 100',
    'body < 3',
    'body matches /(/',
    'cookie a is b',
    7,
  ])('%s is none', (text) => {
    expect(checkOf(text)).toBeUndefined()
  })
})

test('captures, of which a pattern has exactly one group', () => {
  expect(captureOf('json /items/0/id')).toEqual({ kind: 'json', pointer: '/items/0/id' })
  expect(captureOf('header X-Token')).toEqual({ kind: 'header', name: 'x-token' })
  expect(captureOf('cookie sid')).toEqual({ kind: 'cookie', name: 'sid' })
  expect(captureOf('regex /id=(\\d+)/')).toEqual({ kind: 'regex', pattern: 'id=(\\d+)' })
  for (const text of ['regex /id/', 'regex /(a)(b)/', 'json items', 'css a']) {
    expect(captureOf(text)).toBeUndefined()
  }
})

test('pauses', () => {
  expect(pauseOf('1s')).toEqual({ kind: 'fixed', seconds: 1 })
  expect(pauseOf('exponential 500ms')).toEqual({ kind: 'exponential', mean: 0.5 })
  expect(pauseOf('0.5s to 2s')).toEqual({ kind: 'uniform', from: 0.5, to: 2 })
  for (const text of ['1', '2s to 1s', 'exponential 0', 'a while', 5])
    expect(pauseOf(text)).toBeUndefined()
})

test('levels and stages of flags', () => {
  expect(levelOf('100/s')).toEqual({ model: 'open', level: 100 })
  expect(levelOf('600/m')).toEqual({ model: 'open', level: 10 })
  expect(levelOf('20 users')).toEqual({ model: 'closed', level: 20 })
  expect(levelOf('100')).toBeUndefined()
  expect(stageText('1m:100/s')).toEqual({
    seconds: 60,
    level: { model: 'open', level: 100 },
    isHold: false,
  })
  expect(stageText('5s@20 users')).toMatchObject({
    seconds: 5,
    level: { model: 'closed' },
    isHold: true,
  })
  for (const text of ['0s:10/s', '1m', '1m:', 'x:10/s', '1m:10'])
    expect(stageText(text)).toBeUndefined()
})

test('every shape reaches its level and never exceeds it', () => {
  for (const shape of shapes) {
    const levels = shapeStages(shape, { model: 'open', level: 50 }).flatMap(({ from, to }) => [
      from,
      to,
    ])
    expect([shape, Math.max(...levels)]).toEqual([shape, 50])
  }
})

test('the parts of a template, and expressions that are none', () => {
  const { parts, wrong } = templateParts('/a/{{id}}?q={{words.q}}&n={{int 1 9}}{{nope x}}{{open')
  expect(parts).toEqual([
    '/a/',
    { kind: 'captured', name: 'id' },
    '?q=',
    { kind: 'data', file: 'words', column: 'q' },
    '&n=',
    { kind: 'int', from: 1, to: 9 },
    '{{open',
  ])
  expect(wrong).toEqual(['nope x', 'open'])
})

test('rows of CSV with quotes, commas, line breaks and empty cells', () => {
  const text = 'a,"b, ""c""\nd",\r\n,x'
  const first = csvRow(text, 0)
  expect(first?.cells).toEqual(['a', 'b, "c"\nd', ''])
  expect(csvRow(text, first?.next ?? 0)?.cells).toEqual(['', 'x'])
  expect(csvRow(text, text.length)).toBeUndefined()
})
