import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gateRule, ruleNames } from '../../../src/experiment/gates/gate-rule.ts'
import { UsageError } from '../../../src/kit/errors.ts'

test.for([
  ['p99>+5%', 'latencyP99', 1.05],
  ['throughput<-3%', 'throughput', 0.97],
  ['rps < -3 %', 'throughput', 0.97],
  ['cpu>+0%', 'cpuPerRequest', 1],
  ['latencyP50>+2.5%', 'latencyP50', 1.025],
  ['throughput<+10%', 'throughput', 1.1],
] as const)('%s is a threshold on the change', ([text, metric, ratio]) => {
  const rule = gateRule(text)
  expect(rule).toMatchObject({ metric, threshold: { on: 'change' } })
  expect(rule.threshold).toMatchObject({ ratio: expect.closeTo(ratio, 12) })
})

test.for([
  ['p99>20ms', 'latencyP99', 0.02],
  ['p99.9>1.5s', 'latencyP999', 1.5],
  ['errors>0.1%', 'errorShare', 0.001],
  ['errors>0', 'errorShare', 0],
  ['throughput<5000', 'throughput', 5000],
  ['throughput<5000req/s', 'throughput', 5000],
  ['cpu>80us', 'cpuPerRequest', 80e-6],
  ['memory>120MiB', 'rssMean', 120 * 2 ** 20],
  ['cpu-used>0.8', 'cpuUsed', 0.8],
] as const)('%s is a threshold on the value', ([text, metric, value]) => {
  const rule = gateRule(text)
  expect(rule).toMatchObject({ metric, threshold: { on: 'absolute' } })
  expect(rule.threshold).toMatchObject({ value: expect.closeTo(value, 12) })
})

describe('the part that is not valid is named', () => {
  test.for([
    ['p98>+5%', 'unknown metric "p98"', 'p9'],
    ['>+5%', 'unknown metric ""', 'it is one of throughput'],
    ['p99+5%', 'unknown metric "p99+5%"', 'p99'],
    ['p99', 'no > after "p99"', "write 'p99>20ms' in quotes"],
    ['p99<20ms', '"<" after "p99"', "write 'p99>20ms' in quotes"],
    ['throughput>+5%', '">" after "throughput"', "write 'throughput<+5%'"],
    ['p99<5%', '"<" after "p99"', "write 'p99>20ms' in quotes"],
    ['p99>=5ms', '">=" after "p99"', "write 'p99>5ms'"],
    ['p99>', 'no threshold', '+5%'],
    ['p99>5%', '"5%" is not a valid threshold for p99', '+5%'],
    ['p99>20', '"20" is not a valid threshold for p99', '20ms'],
    ['p99>fast', '"fast" is not a valid threshold for p99', '20ms'],
    ['throughput<-100%', '"-100%" is not a valid threshold', '5000'],
    ['errors>+5%', '"+5%" is a change', 'errors>0.1%'],
    ['memory>120', '"120" is not a valid threshold for memory', '120MiB'],
  ] as const)('%s', ([text, what, remedy]) => {
    let thrown: unknown
    try {
      gateRule(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(UsageError)
    const { message, hint } = thrown as UsageError
    expect(message).toContain(what)
    expect(hint).toContain(remedy)
  })
})

test.for([
  ['p98>+5%', 1],
  ['p99<20ms', 4],
  ['p99>fast', 5],
  ['p99>20ms @ hold', 12],
  ['p99 of list>20ms', 8],
  ['p99>20ms over 5s', 15],
  ['p99>20ms !', 10],
] as const)('%s: column %d', ([text, column]) => {
  expect(() => gateRule(text)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(`--fail-on "${text}", column ${column}: `),
    }),
  )
})

test('every metric and alias is in the documentation', () => {
  const documented = readFileSync('docs/reference/thresholds.md', 'utf8')
  for (const { name, aliases = [] } of ruleNames) {
    for (const one of [name, ...aliases]) expect(documented).toContain(`\`${one}\``)
  }
})
