import { expect, test } from 'vitest'
import { shownUrl, targetUrl } from '../../src/plan/target-url.ts'

test.each([
  ['http://a:81/b?c=d#e', 'http://a:81/b?c=d#e', undefined],
  ['https://[::1]', 'https://[::1]/', undefined],
  ['unix:/run/app.sock', 'http://localhost/', '/run/app.sock'],
  ['unix:///run/app.sock', 'http://localhost/', '/run/app.sock'],
  ['unix:/run/a%20b.sock:/api/x?y=1', 'http://localhost/api/x?y=1', '/run/a b.sock'],
  ['http+unix://%2Frun%2Fapp.sock', 'http://localhost/', '/run/app.sock'],
  ['http+unix://%2Frun%2Fapp.sock/api?y=1', 'http://localhost/api?y=1', '/run/app.sock'],
  ['https+unix:/run/app.sock', 'https://localhost/', '/run/app.sock'],
])('%s', (address, url, socketPath) => {
  const found = targetUrl(address)
  expect([found.url.href, found.socketPath]).toEqual([url, socketPath])
  // A driver gets the address as a URL.
  expect(targetUrl(new URL(address).href)).toEqual(found)
})

test.each([
  '',
  'a',
  'ftp://a',
  'http://',
  'unix:',
  'unix:/',
  'unix:app.sock',
  'http+unix://a/b',
  'unix:/%',
])('%j is refused in one line', (address) => {
  expect(() => targetUrl(address)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining('--url: ') }),
  )
})

test('an address is shown without user, password, path and query', () => {
  expect(shownUrl(targetUrl('https://u:p@a:8443/b?c=d'))).toBe('https://a:8443')
  expect(shownUrl(targetUrl('unix:/run/app.sock:/b'))).toBe('unix:/run/app.sock')
})
