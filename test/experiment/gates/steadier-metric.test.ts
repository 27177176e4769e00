import { expect, test } from 'vitest'
import { gateRule } from '../../../src/experiment/gates/gate-rule.ts'
import { steadierMetric } from '../../../src/experiment/gates/steadier-metric.ts'
import { exampleResult } from '../../support/results/example-result.ts'

const { host } = exampleResult()
const advice = (cpusAvailable: number, ...rules: string[]) =>
  steadierMetric({ host: { ...host, cpusAvailable } }, rules.map(gateRule))

test('on few CPUs a rule on a change of throughput or latency gets the advice to use cpu', () => {
  expect(advice(2, 'throughput<-5%', 'cpu>+5%', 'p99>+10%', 'p99>20ms')).toEqual({
    code: 'steadier-metric',
    values: { cpus: 2, rules: ['throughput<-5%', 'p99>+10%'] },
  })
})

test('there is none with enough CPUs, nor for rules that are steady', () => {
  expect(advice(8, 'throughput<-5%')).toBeUndefined()
  expect(advice(2, 'cpu>+5%', 'memory>+5%')).toBeUndefined()
})
