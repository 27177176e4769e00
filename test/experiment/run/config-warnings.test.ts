import { expect, test } from 'vitest'
import { configWarnings } from '../../../src/experiment/run/config-warnings.ts'
import { nginx } from '../../../src/targets/nginx.ts'
import { sampleOptions } from '../../../src/targets/sample-options.ts'
import { arm, planOf } from '../../support/results/measurements.ts'

const arms = [1, 2].map((cores) =>
  arm(`nginx ×${cores}`, { target: 'nginx', algorithm: 'round-robin', cores }),
)

test('configurations that lb writes, and targets without one, have no warnings', () => {
  expect(configWarnings(planOf([...arms, arm('round-robin')]))).toEqual(new Map())
})

test('a template is checked for each arm, and each problem is reported once', () => {
  const plan = planOf(arms)
  const [first = arm('a')] = arms
  const own = nginx.configuration?.(sampleOptions(first, plan)) ?? ''
  const template = own.replace('gzip off', 'gzip on')
  const judged = { ...plan, settings: { nginx: { template } } }
  // It has one worker, whatever the arm asks for.
  expect(configWarnings(judged).get('nginx')).toEqual([
    { code: 'config-compresses', values: { setting: 'gzip on', state: 'set' } },
    { code: 'config-workers', values: { setting: 'worker_processes', workers: 2 } },
  ])
})
