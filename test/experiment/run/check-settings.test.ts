import { expect, test } from 'vitest'
import { checkSettings } from '../../../src/experiment/run/check-settings.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { arm } from '../../support/results/measurements.ts'

const refused = (target: string, settings: NonNullable<Plan['settings']>) => {
  try {
    checkSettings({ arms: [arm('a', { target })], settings })
    return undefined
  } catch (error) {
    const { exitCode, message } = error as { exitCode: number; message: string }
    return `${exitCode} ${message}`
  }
}
const at = 'http://127.0.0.1:8080'

test('a target that needs a setting is refused without it', () => {
  expect(refused('url', {})).toBe('2 target url needs --url')
  expect(refused('url', { url: { pid: process.pid } })).toBe('2 target url needs --url')
  expect(refused('command', {})).toBe('2 target command needs --command')
  expect(refused('url', { url: { url: at, pid: process.pid } })).toBeUndefined()
})

test('a setting of a target that is not in the plan is refused, not ignored', () => {
  expect(refused('reference', { url: { url: at } })).toBe(
    '2 --url is for the target url, which is not under test',
  )
  expect(refused('reference', { url: { pid: 1 } })).toMatch(/^2 --pid is for the target url/)
  expect(refused('nginx', { haproxy: { template: '{port}' } })).toMatch(
    /^2 --target-config haproxy=FILE is for the target haproxy/,
  )
  expect(refused('nginx', { ngnix: { template: '{port}' } })).toBe('2 there is no target "ngnix"')
})

test('a template needs {port} and a target with a configuration file', () => {
  expect(refused('nginx', { nginx: { template: 'listen 80;' } })).toMatch(
    /lacks the placeholder \{port\}$/,
  )
  expect(refused('nginx', { nginx: { template: 'listen {port};' } })).toBeUndefined()
  expect(refused('reference', { reference: { template: '{port}' } })).toMatch(
    /target reference has no configuration file$/,
  )
})

test('a process ID without a process is refused', () => {
  // Above the maximum process ID of Linux, 2^22.
  expect(refused('url', { url: { url: at, pid: 4_194_305 } })).toBe(
    '2 --pid: there is no process 4194305',
  )
})
