import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashKey, type KeySource } from '../../../src/algorithms/parts/key.ts'
import { UsageError } from '../../../src/kit/errors.ts'

/** A request as a balancer hands it in. */
function request({
  client = '192.0.2.1',
  target = '/',
  headers = [] as readonly (readonly [string, string])[],
}): KeySource {
  return {
    client,
    target,
    header: (name, separator) =>
      headers
        .filter(([other]) => other.toLowerCase() === name)
        .map(([, value]) => value)
        .join(separator),
  }
}

test('client-ip is the client’s address', () => {
  expect(hashKey('client-ip')(request({ client: '2001:db8::1' }))).toBe('2001:db8::1')
})

test.for([
  ['/', '/'],
  ['/a/b%20c', '/a/b%20c'],
  ['/a?b=/c', '/a'],
  ['/?', '/'],
  ['http://host:80/a/b?c', '/a/b'],
  ['http://host', '/'],
  ['http://host?a=/b', '/'],
  ['/go?to=http://host/x', '/go'],
  ['*', '*'],
])('the path of %s is %s', ([target = '', path]) => {
  expect(hashKey('path')(request({ target }))).toBe(path)
})

test('a header is found regardless of the case of its name', () => {
  const take = hashKey('header:X-User')
  expect(take(request({ headers: [['x-uSER', 'anna']] }))).toBe('anna')
})

test('a header on two lines is the same key as one line with a comma', () => {
  const take = hashKey('header:x-user')
  const two = [['X-User', 'anna'] as const, ['Accept', '*/*'] as const, ['X-User', 'ben'] as const]
  expect(take(request({ headers: two }))).toBe(
    take(request({ headers: [['X-User', 'anna, ben']] })),
  )
})

test.for([
  ['session=abc', 'abc'],
  ['a=1; session=abc; b=2', 'abc'],
  ['a=1;session=abc ;b=2', 'abc'],
  ['mysession=no; session=abc', 'abc'],
  ['session=abc; session=def', 'abc'],
  ['session="a=b"', '"a=b"'],
  ['a=session=abc', ''],
  ['Session=abc', ''],
  ['session', ''],
  ['session=', ''],
  ['session=; session=abc', ''],
  [' ; ;', ''],
])('the session of the cookies `%s` is "%s"', ([cookies = '', session]) => {
  expect(hashKey('cookie:session')(request({ headers: [['Cookie', cookies]] }))).toBe(session)
})

test('a cookie is found in the second of two lines', () => {
  const headers = [['Cookie', 'a=1'] as const, ['Cookie', 'session=abc'] as const]
  expect(hashKey('cookie:session')(request({ headers }))).toBe('abc')
})

test.for([
  ['/?id=7', '7'],
  ['/a?b=1&id=7&c=2', '7'],
  ['/a?b=1&xid=8&id=7', '7'],
  ['/?id=7&id=8', '7'],
  ['/?id=a%20b+c=d', 'a%20b+c=d'],
  ['http://host/?id=7', '7'],
  ['/?id=', ''],
  ['/?id', ''],
  ['/id=7', ''],
  ['/?ID=7', ''],
  ['/?&&', ''],
])('the id of %s is "%s"', ([target = '', id]) => {
  expect(hashKey('query:id')(request({ target }))).toBe(id)
})

test('a request without the field, cookie or parameter has the empty key', () => {
  for (const spec of ['header:X-User', 'cookie:session', 'query:id']) {
    expect(hashKey(spec)(request({}))).toBe('')
  }
})

test('no input of a client makes it throw', () => {
  const takers = ['path', 'cookie:a', 'query:a'].map((spec) => hashKey(spec))
  const text = fc.string({
    unit: fc.constantFrom('a', '=', ';', '&', '?', '/', ' ', '"', 'é', '://'),
  })
  fc.assert(
    fc.property(text, text, (target, cookies) => {
      for (const take of takers) {
        expect(typeof take(request({ target, headers: [['cookie', cookies]] }))).toBe('string')
      }
    }),
    { numRuns: 1000 },
  )
})

test.for([
  ['', 'key "" is not a hash key'],
  ['cookies:session', 'key "cookies:session" is not a hash key'],
  ['constructor', 'key "constructor" is not a hash key'],
  ['constructor:a', 'key "constructor:a" is not a hash key'],
  ['header', 'key "header" has no name'],
  ['header:', 'key "header:" has no name'],
  ['header:X User', 'key "header:X User" has an invalid name'],
  ['query:a&b', 'key "query:a&b" has an invalid name'],
] as const)('rejects "%s"', ([spec, message]) => {
  expect(() => hashKey(spec)).toThrow(message)
})

test('the error suggests the nearest key source, and names the given field', () => {
  const refused = (() => {
    try {
      return hashKey('cokie:session', 'balancer.key')
    } catch (error) {
      return error
    }
  })()
  expect(refused).toBeInstanceOf(UsageError)
  expect(refused).toMatchObject({
    message: 'balancer.key "cokie:session" is not a hash key',
    hint: expect.stringMatching(/^did you mean cookie\?/),
  })
})
