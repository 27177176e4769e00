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

test.each([
  ['autocannon', { url: 'unix:/run/a.sock' }, 'connects to no unix socket'],
  ['autocannon', { url: 'http://a', http2: true }, 'does not send HTTP/2'],
  ['autocannon', { url: 'https://a', ca: 'ca.pem' }, 'takes no --ca'],
  ['wrk', { url: 'http://a', http2: true }, 'does not send HTTP/2'],
  ['wrk', { url: 'https://a', insecure: true, cert: 'c.pem' }, 'takes no --cert'],
  ['h2load', { url: 'http://a', resolve: ['a:80:::1'] }, 'takes no --resolve'],
  ['h2load', { url: 'https://a', insecure: true, tlsSessions: 'new' }, 'takes no --tls-sessions'],
  ['h2load', { url: 'http://u:p@a' }, 'would show the password of --url in the list of processes'],
] as const)('%s with %j is refused: it %s', (driver, url, why) => {
  const settings = { url: url as NonNullable<Plan['settings']>[string] }
  expect(() => check({ driver, settings })).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: `--driver ${driver}: ${driver} ${why}`,
      hint: expect.stringContaining('--driver lean'),
    }),
  )
  check({ driver: 'lean', settings })
})

test('h2load sends HTTP/2, and no secret field', () => {
  const settings = { url: { url: 'http://a', http2: true, streams: 10 } }
  check({ driver: 'h2load', settings })
  const headers = { 'X-Api-Key': 'hidden' }
  expect(() => check({ driver: 'h2load', settings, request: { ...request, headers } })).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('would show X-Api-Key in the list of processes'),
    }),
  )
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
