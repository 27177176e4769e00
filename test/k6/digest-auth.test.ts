import { expect, test } from 'vitest'
import { digestAuthorization } from '../../src/k6/runtime/digest-auth.ts'

const url = new URL('http://Mufasa:Circle%20of%20Life@www.example.org/dir/index.html')
const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'
const challenge = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`

// The examples of RFC 7616, 3.9.1.
test.for([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
] as const)('a challenge of %s is responded to as in RFC 7616', ([algorithm, response]) => {
  const found = digestAuthorization({ method: 'GET', url, challenge: challenge(algorithm), cnonce })
  expect(found).toContain(`response="${response}"`)
  expect(found).toContain('username="Mufasa"')
  expect(found).toContain('qop=auth, nc=00000001')
})

test('other challenges have no response', () => {
  expect(
    digestAuthorization({ method: 'GET', url, challenge: 'Basic realm="a"', cnonce }),
  ).toBeUndefined()
  expect(
    digestAuthorization({ method: 'GET', url, challenge: challenge('SHA-512'), cnonce }),
  ).toBeUndefined()
})
