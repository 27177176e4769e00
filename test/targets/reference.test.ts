import { expect, test } from 'vitest'
import type { CheckedConfig } from '../../src/balancer/config/config.ts'
import type { Arm } from '../../src/plan/plan.ts'
import { reference } from '../../src/targets/reference.ts'
import { sampleOptions } from '../../src/targets/sample-options.ts'
import { arm, planOf } from '../support/results/measurements.ts'

const plan = planOf([arm('round-robin')])

/** The configuration with which the balancer of an arm is started. */
async function configOf(one: Arm, unchecked?: boolean): Promise<unknown> {
  const start = await reference.prepare({ ...sampleOptions(one, plan), unchecked })
  return start.by === 'answers' ? start.config : undefined
}

test('the configuration is checked before the process starts, and is the same after its message', async () => {
  const config = (await configOf(arm('round-robin', { cores: 2 }))) as CheckedConfig
  expect(config.checked).toMatchObject({ algorithm: 'round-robin', workers: 2, port: 0 })
  expect(JSON.parse(JSON.stringify(config))).toEqual(config)
})

test('a configuration that is changed later, or has files to read, is left to the process to check', async () => {
  const withTls = { side: 'a', config: { tls: { certificate: '/c.pem', key: '/k.pem' } } }
  expect(await configOf(arm('round-robin'), true)).not.toHaveProperty('checked')
  expect(await configOf(arm('round-robin', { variant: withTls as never }))).toHaveProperty('tls')
})

test('an algorithm that does not exist is a usage error', async () => {
  await expect(configOf(arm('does-not-exist'))).rejects.toMatchObject({ code: 'LB_USAGE' })
})
