import { expect, test } from 'vitest'
import { backendOf } from '../../src/app/backend-of.ts'

test.for([
  ['http://a:1', { weight: 1 }],
  ['http://a:1,5', { weight: 5 }],
  ['http://a:1,proxy=v2', { weight: 1, proxyProtocol: 'v2' }],
  ['http://a:1,2,zone=eu-1,backup', { weight: 2, zone: 'eu-1', backup: true }],
] as const)('--backend %s', ([typed, expected]) => {
  expect(backendOf(typed)).toEqual({ url: 'http://a:1', ...expected })
})

test.for(['http://a:1,x', 'http://a:1,-1', 'http://a:1,1,2', 'http://a:1,proxy=v3'])(
  '--backend %s is refused',
  (typed) => {
    expect(() => backendOf(typed)).toThrow(/weight is not an integer|is not an option/)
  },
)
