import { expect, test } from 'vitest'
import { serverName } from '../../../src/balancer/upstream/connect-tls.ts'

test.for([
  ['backend.test', 'backend.test'],
  ['backend.test.', 'backend.test'],
  ['127.0.0.1', ''],
  ['::1', ''],
] as const)('the server name of a backend at %s is %j', ([host, name]) => {
  expect(serverName(host)).toBe(name)
})
