import { expect, test } from 'vitest'
import { checkDrivers } from '../../../src/experiment/run/check-drivers.ts'
import type { Plan } from '../../../src/plan/plan.ts'

const request = { method: 'GET', path: '/', bodyBytes: 0 } as const
const check = (plan: Partial<Plan>, installed = true) =>
  checkDrivers({ request, ...plan }, () => (installed ? '/usr/bin/it' : undefined))

test.each([
  [{ driver: 'wrk' }, '--driver wrk: wrk is not installed', 'package wrk '],
  [{ driver: 'h2load' }, '--driver h2load: h2load is not installed', 'package nghttp2-client '],
  [{ witness: 'wrk' }, '--witness wrk: wrk is not installed', 'package wrk '],
] as const)('%j is refused with its package where it is not installed', (plan, message, hint) => {
  expect(() => check(plan, false)).toThrow(
    expect.objectContaining({ exitCode: 2, message, hint: expect.stringContaining(hint) }),
  )
})

test('drivers of lb need no program', () => {
  for (const driver of ['auto', 'autocannon', 'lean'] as const) check({ driver }, false)
  check({}, false)
})

test.each(['wrk', 'h2load'] as const)('%s sends every request that it can send', (driver) => {
  check({ driver })
  check({ driver, request: { ...request, method: 'POST', body: 'text', headers: { 'x-a': 'b' } } })
  check({ driver, settings: { url: { url: 'https://127.0.0.1/', insecure: true } } })
})

test.each(['wrk', 'h2load'] as const)('%s sends no HEAD, and checks no certificate', (driver) => {
  expect(() => check({ driver, request: { ...request, method: 'HEAD' } })).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining('cannot send HEAD') }),
  )
  expect(() =>
    check({ witness: driver, settings: { url: { url: 'https://127.0.0.1/' } } }),
  ).toThrow(
    expect.objectContaining({
      message: `--witness ${driver}: ${driver} does not check certificates`,
      hint: expect.stringContaining('--insecure'),
    }),
  )
})
