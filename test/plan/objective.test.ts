import { expect, test } from 'vitest'
import { objective, objectiveText } from '../../src/plan/objective.ts'

test.for([
  ['p99<20ms', { kind: 'percentile', percent: 99, seconds: 0.02 }],
  ['p99.9<50ms', { kind: 'percentile', percent: 99.9, seconds: 0.05 }],
  [' p50 < 1.5s ', { kind: 'percentile', percent: 50, seconds: 1.5 }],
  ['p95<800us', { kind: 'percentile', percent: 95, seconds: 0.0008 }],
  ['errors<0.1%', { kind: 'errors', share: 0.001 }],
  ['errors < 0.02', { kind: 'errors', share: 0.02 }],
] as const)('%s', ([text, found]) => {
  expect(objective(text)).toEqual(found)
})

test.for([
  '',
  'p99',
  'p99<',
  'p99>20ms',
  'p99<=20ms',
  'p0<20ms',
  'p100<20ms',
  'p99<0ms',
  'p99<fast',
  'p99<-1ms',
  'q99<20ms',
  'errors<0%',
  'errors<20ms',
  'error<1%',
  'p99<20ms,errors<1%',
])('"%s" is none', (text) => {
  expect(() => objective(text)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringMatching(/^--slo ".*", column \d+: ./),
      hint: expect.stringMatching(/./),
    }),
  )
})

test.for([
  ['q99<20ms', 1, '"q99" is not an objective', 'p99<20ms'],
  ['p99>20ms', 4, '">" after "p99": an objective states what must hold', "write 'p99<20ms'"],
  ['errors<20ms', 8, '"20ms" is not a limit of errors', 'errors<0.1%'],
  ['p99<20ms @ hold', 12, 'a stage is possible in a load test only', 'lb load --threshold'],
  ['p99<20ms,errors<1%', 9, '"," is not expected here', 'each threshold on its own'],
] as const)('%s: the part that is not valid is named', ([text, column, problem, remedy]) => {
  expect(() => objective(text)).toThrow(
    expect.objectContaining({
      message: `--slo "${text}", column ${column}: ${problem}`,
      hint: expect.stringContaining(remedy),
    }),
  )
})

test.for(['p99<20ms', 'p99.9<50ms', 'errors<0.1%', 'p50<1500ms'])(
  '%s is written as it is read',
  (text) => {
    expect(objectiveText(objective(text))).toBe(text)
  },
)
