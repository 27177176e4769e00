import { expect, test } from 'vitest'
import { thresholdParts } from '../../../src/plan/thresholds/threshold-parts.ts'

const parts = (text: string) => thresholdParts({ text, source: '--threshold' })

test('every part has its column', () => {
  const text = 'p95 of list page <= 50 ms over any 5s @ ramp up, "over; there" !'
  expect(parts(text)).toMatchObject({
    metric: { text: 'p95', column: 1 },
    of: { text: 'list page', column: text.indexOf('list') + 1 },
    comparison: { text: '<=', column: text.indexOf('<') + 1 },
    limit: { text: '50 ms', column: text.indexOf('50') + 1 },
    over: { text: '5s', column: text.indexOf('5s') + 1 },
    stages: [
      { text: 'ramp up', column: text.indexOf('ramp') + 1 },
      { text: 'over; there', column: text.indexOf('"') + 1 },
    ],
    abort: { column: text.length },
  })
})

test.for([
  ['p99<20ms', { metric: 'p99', comparison: '<', limit: '20ms' }],
  ['rps < -3 %', { metric: 'rps', comparison: '<', limit: '-3 %' }],
  ['p(95)<=200ms', { metric: 'p(95)', comparison: '<=', limit: '200ms' }],
  ['p99', { metric: 'p99', comparison: '', limit: '' }],
  ['p99 20ms', { metric: 'p99', comparison: '', limit: '20ms' }],
  ['>+5%', { metric: '', comparison: '>', limit: '+5%' }],
  ['', { metric: '', comparison: '', limit: '' }],
] as const)('"%s" is read, whatever it means', ([text, { metric, comparison, limit }]) => {
  expect(parts(text)).toMatchObject({
    metric: { text: metric },
    comparison: { text: comparison },
    limit: { text: limit },
  })
})

test('stage and window stand in either order', () => {
  const [one, other] = [parts('errors < 1% over 5s @ hold'), parts('errors < 1% @ hold over 5s')]
  const texts = ({ over, stages }: ReturnType<typeof parts>) => [over?.text, stages[0]?.text]
  expect(texts(one)).toEqual(['5s', 'hold'])
  expect(texts(other)).toEqual(texts(one))
})

test.for([
  ['p99 < 20ms, errors < 1%', 11, '"," is not expected here', 'each threshold on its own'],
  ['p99 < 20ms on hold', 12, '"on" is not expected here', '@ STAGE'],
  ['p99 < 20ms @ hold @ peak', 19, '"@" is not expected here', 'each once'],
  ['p99 < 20ms ! @ hold', 14, '"@" is not expected here', '! last'],
  ['p99 < 20ms @', 13, 'no name of a stage', '@ hold'],
  ['p99 < 20ms over', 16, 'no time after "over"', 'over 5s'],
  ['p99 of < 20ms', 8, 'no name after "of"', 'of list'],
  ['p99 of "list < 20ms', 8, '" is not closed', 'close the name'],
] as const)('%s: column %d', ([text, column, problem, remedy]) => {
  expect(() => parts(text)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: `--threshold "${text}", column ${column}: ${problem}`,
      hint: expect.stringContaining(remedy),
    }),
  )
})
