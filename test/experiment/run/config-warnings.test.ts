import { expect, test } from 'vitest'
import { configWarningLines, configWarnings } from '../../../src/experiment/run/config-warnings.ts'
import { nginx } from '../../../src/targets/nginx.ts'
import { sampleOptions } from '../../../src/targets/sample-options.ts'
import { arm, planOf } from '../../support/measurements.ts'

const arms = [1, 2].map((cores) =>
  arm(`nginx ×${cores}`, { target: 'nginx', algorithm: 'round-robin', cores }),
)

test('what lb writes itself is fair, and so is what needs no configuration', () => {
  expect(configWarningLines(planOf([...arms, arm('round-robin')]))).toEqual([])
})

test('a template is judged for each arm, and each fault is said once', () => {
  const plan = planOf(arms)
  const [first = arm('a')] = arms
  const own = nginx.configuration?.(sampleOptions(first, plan)) ?? ''
  const template = own.replace('gzip off', 'gzip on')
  const judged = { ...plan, settings: { nginx: { template } } }
  // It has one worker, whatever the arm asks for.
  expect(configWarnings(judged).get('nginx')).toEqual([
    'It compresses: gzip is on.',
    'Its worker_processes is not 2, as in the other targets: write {workers}.',
  ])
  expect(configWarningLines(judged)[0]).toBe(
    'nginx is not compared fairly: it compresses: gzip is on',
  )
})
