import { expect, test } from 'vitest'
import { redirection } from '../../src/kit/redirect.ts'

const credentials = {
  Authorization: 'Bearer a',
  cookie: 'a=b',
  'Proxy-Authorization': 'Basic a',
  'X-Api-Key': 'a',
}
const from = new URL('http://shop.test/a')

function fieldsSentTo(location: string, at = from): string[] {
  const headers = { accept: '*/*', ...credentials }
  return Object.keys(redirection({ status: 302, location, headers }, at)?.headers ?? {})
}

test.for(['/b', 'c', 'http://shop.test/b', 'http://shop.test:80/', 'https://shop.test/'])(
  'credentials follow a redirect to the same host: %s',
  (location) => {
    expect(fieldsSentTo(location)).toEqual(['accept', ...Object.keys(credentials)])
  },
)

test.for([
  'http://other.test/',
  '//other.test/',
  'http://shop.test:8080/',
  'http://shop.test.other.test/',
  'http://shop.test@other.test/',
  'https://other.test/',
  'https://shop.test:8443/',
])('credentials do not follow a redirect to another origin: %s', (location) => {
  expect(fieldsSentTo(location)).toEqual(['accept'])
})

test('credentials do not leave TLS', () => {
  expect(fieldsSentTo('http://shop.test/', new URL('https://shop.test/'))).toEqual(['accept'])
})

test.for([
  [200, '/b'],
  [304, '/b'],
  [302, undefined],
  [302, 'http://['],
  [302, 'file:///etc/passwd'],
  [302, 'ftp://shop.test/'],
  [302, 'javascript:alert(1)'],
] as const)('a status of %i and the location %s lead nowhere', ([status, location]) => {
  expect(redirection({ status, location, headers: {} }, from)).toBeUndefined()
})
