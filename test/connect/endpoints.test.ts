import { expect, test } from 'vitest'
import { endpointsOf } from '../../src/connect/endpoints.ts'
import { resolveRule } from '../../src/connect/resolve-rule.ts'
import { targetUrl } from '../../src/plan/target-url.ts'

/** A name service that knows these addresses. */
const service = (addresses: readonly string[]) => async () =>
  addresses.map((address) => ({ address }))

const failing = (code: string) => async () => {
  throw Object.assign(new Error('no'), { code })
}

async function names(url: string, rules: string[] = [], found: readonly string[] = []) {
  const endpoints = await endpointsOf(targetUrl(url), rules, service(found))
  return endpoints.map(({ name }) => name)
}

test('a name is all of its addresses, of both families, each once', async () => {
  expect(await names('http://a', [], ['10.0.0.1', '::1', '10.0.0.1'])).toEqual([
    '10.0.0.1:80',
    '[::1]:80',
  ])
  expect(await names('https://a/x', [], ['10.0.0.1'])).toEqual(['10.0.0.1:443'])
})

test('an address needs no name service', async () => {
  expect(await names('http://127.0.0.1:81')).toEqual(['127.0.0.1:81'])
  expect(await names('https://[::1]')).toEqual(['[::1]:443'])
  expect(await names('unix:/run/a.sock')).toEqual(['unix:/run/a.sock'])
})

test('a rule stands in for the name service, for its host and port', async () => {
  const found = ['10.0.0.9']
  expect(await names('http://A.test:81', ['a.test:81:10.0.0.1,[::2]'], found)).toEqual([
    '10.0.0.1:81',
    '[::2]:81',
  ])
  expect(await names('http://a:82', ['a:81:10.0.0.1'], found)).toEqual(['10.0.0.9:82'])
  expect(await names('http://b:81', ['a:81:10.0.0.1'], found)).toEqual(['10.0.0.9:81'])
  expect(await names('https://b', ['*:443:10.0.0.1'], found)).toEqual(['10.0.0.1:443'])
  expect(await names('http://[::1]:81', ['[::1]:81:10.0.0.1'])).toEqual(['10.0.0.1:81'])
})

test.each(['ENOTFOUND', 'EAI_AGAIN'])(
  'a name that does not resolve (%s) is an error',
  async (code) => {
    await expect(endpointsOf(targetUrl('http://a.test'), [], failing(code))).rejects.toMatchObject({
      code: 'LB_USAGE',
      message: `--url: the name a.test does not resolve (${code})`,
      hint: expect.stringContaining('--resolve'),
    })
  },
)

test.each([
  ['a', 'it is not HOST:PORT:ADDRESS'],
  ['a:80', 'it is not HOST:PORT:ADDRESS'],
  ['a:http:1.2.3.4', 'it is not HOST:PORT:ADDRESS'],
  ['a:0:1.2.3.4', 'it is not HOST:PORT:ADDRESS'],
  ['a:99999:1.2.3.4', 'it is not HOST:PORT:ADDRESS'],
  ['a:80:b', '"b" is not an IP address'],
  ['a:80:1.2.3.4,', '"" is not an IP address'],
  ['-a:80:1.2.3.400', '"1.2.3.400" is not an IP address'],
])('the rule %s is refused', (text, why) => {
  expect(() => resolveRule(text)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: `--resolve "${text}" cannot be used: ${why}`,
    }),
  )
})
