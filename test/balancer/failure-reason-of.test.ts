import { expect, test } from 'vitest'
import { failureDetail, failureReasonOf } from '../../src/balancer/shared/failure-reason-of.ts'

const errorWith = (code: string, message = code) => Object.assign(new Error(message), { code })

test.for([
  ['ECONNREFUSED', 'connection-refused'],
  ['ETIMEDOUT', 'connect-timeout'],
  ['EHOSTUNREACH', 'host-unreachable'],
  ['ENETUNREACH', 'network-unreachable'],
  ['ECONNRESET', 'connection-failed'],
  ['EMFILE', 'local-resources'],
  ['ENFILE', 'local-resources'],
  ['ENOBUFS', 'local-resources'],
  ['ENOMEM', 'local-resources'],
  ['EADDRNOTAVAIL', 'local-resources'],
  ['EACCES', 'local-resources'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls-untrusted'],
  ['CERT_HAS_EXPIRED', 'tls-untrusted'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-untrusted'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls-alert'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'tls-handshake'],
  ['EPROTO', 'tls-handshake'],
] as const)('%s while connecting is %s', ([code, reason]) => {
  expect(failureReasonOf(errorWith(code), 'connect')).toBe(reason)
})

test('an error on an open connection is a reset, unless this host lacks something', () => {
  expect(failureReasonOf(errorWith('ECONNRESET'), 'exchange')).toBe('reset-before-response')
  expect(failureReasonOf(errorWith('EPIPE'), 'exchange')).toBe('reset-before-response')
  expect(failureReasonOf(errorWith('ENOBUFS'), 'exchange')).toBe('local-resources')
})

test('a unix socket whose queue is full is a fault of its server, a lack of local ports is one of this host', () => {
  const full = Object.assign(errorWith('EAGAIN'), { address: '/run/backend.sock' })
  expect(failureReasonOf(full, 'connect')).toBe('connection-failed')
  const noPort = Object.assign(errorWith('EAGAIN'), { address: '192.0.2.1', port: 80 })
  expect(failureReasonOf(noPort, 'connect')).toBe('local-resources')
})

test('a backend that closes within the TLS handshake fails it', () => {
  const message = 'Client network socket disconnected before secure TLS connection was established'
  expect(failureReasonOf(errorWith('ECONNRESET', message), 'connect')).toBe('tls-handshake')
})

test('of several addresses, a failure of the backend says more than one of this host', () => {
  const all = (...codes: string[]) => new AggregateError(codes.map((code) => errorWith(code)))
  expect(failureReasonOf(all('ENETUNREACH', 'ECONNREFUSED'), 'connect')).toBe('connection-refused')
  expect(failureReasonOf(all('ENETUNREACH', 'EMFILE'), 'connect')).toBe('network-unreachable')
})

test('the detail of an error is one short line without control characters', () => {
  expect(failureDetail(new Error('certificate of\x1b[31m a\nb'))).toBe('certificate of [31m a b')
  expect(failureDetail(new Error('x'.repeat(1000)))).toHaveLength(200)
  expect(failureDetail(new AggregateError([new Error('one'), new Error('two')]))).toBe('one')
})
