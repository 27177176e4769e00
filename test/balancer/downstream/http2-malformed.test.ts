import { expect, test } from 'vitest'
import { balance } from '../support/balance.ts'
import { h2Client } from '../support/h2-client.ts'
import { h2Frames, headers, lastData } from '../support/h2-frames.ts'
import { recordingBackend } from '../support/recording-backend.ts'

type Fields = readonly (readonly [string, string])[]

const method = [':method', 'GET'] as const
const scheme = [':scheme', 'http'] as const
const path = [':path', '/bad'] as const
const authority = [':authority', 'lb.test'] as const
const good: Fields = [method, scheme, path, authority]

const malformed: readonly (readonly [string, Fields])[] = [
  ['no :method', [scheme, path, authority]],
  ['no :scheme', [method, path, authority]],
  ['no :path', [method, scheme, authority]],
  ['nobody that it is for', [method, scheme, path]],
  [':method twice', [method, ...good]],
  [':path twice', [...good, path]],
  ['an unknown pseudo-field', [...good, [':colour', 'red']]],
  ['that of a response', [...good, [':status', '200']]],
  ['a pseudo-field behind a field', [method, scheme, ['accept', '*/*'], path, authority]],
  ['a name with a capital', [...good, ['X-Upper', 'a']]],
  ['a space in :path', [method, scheme, [':path', '/bad HTTP/1.1'], authority]],
  ['a line break in :path', [method, scheme, [':path', '/ HTTP/1.1\r\nx: y'], authority]],
  ['an empty :path', [method, scheme, [':path', ''], authority]],
  ['a :path that says whom it is for', [method, scheme, [':path', 'http://a/bad'], authority]],
  ['a :path without a slash', [method, scheme, [':path', 'bad'], authority]],
  ['a fragment in :path', [method, scheme, [':path', '/bad#a'], authority]],
  ['* as :path of GET', [method, scheme, [':path', '*'], authority]],
  ['a space in :method', [[':method', 'GET /x HTTP/1.1'], scheme, path, authority]],
  ['a line break in :method', [[':method', 'GET\r\nx: y'], scheme, path, authority]],
  ['another :scheme', [method, [':scheme', 'ftp'], path, authority]],
  ['a line break in :authority', [method, scheme, path, [':authority', 'a\r\nx: y']]],
  ['user information in :authority', [method, scheme, path, [':authority', 'me@lb.test']]],
  ['another Host than :authority', [...good, ['host', 'other.test']]],
  ['Host twice', [...good, ['host', 'lb.test'], ['host', 'lb.test']]],
  ['Connection', [...good, ['connection', 'close']]],
  ['Keep-Alive', [...good, ['keep-alive', 'timeout=5']]],
  ['Proxy-Connection', [...good, ['proxy-connection', 'keep-alive']]],
  ['Transfer-Encoding', [...good, ['transfer-encoding', 'chunked']]],
  ['Upgrade', [...good, ['upgrade', 'h2c']]],
  ['TE with anything but trailers', [...good, ['te', 'gzip']]],
  ['a length without a body', [...good, ['content-length', '5']]],
  ['two lengths', [...good, ['content-length', '0'], ['content-length', '1']]],
  ['a length that is none', [...good, ['content-length', '+0']]],
  ['a name with a space', [...good, ['x y', 'a']]],
  ['a name with a colon', [...good, ['x:y', 'a']]],
  ['an empty name', [...good, ['', 'a']]],
  ['a line break in a value', [...good, ['x-a', 'a\r\nx-b: b']]],
  ['a line feed in a value', [...good, ['x-a', 'a\nx-b: b']]],
  ['a NUL in a value', [...good, ['x-a', 'a\0b']]],
  ['a request in a value', [...good, ['x-a', 'a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a']]],
]

test.for(malformed)('%s is refused and not passed on', async ([, fields]) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  client.send(headers(1, fields))
  expect(await client.outcome(1)).toBeOneOf(['reset', 400])
  expect(backend.requests).toEqual([])
  expect(balancer.counts().inFlight).toEqual([0])
  await using other = await h2Frames(balancer.port)
  other.send(headers(1, good))
  expect(await other.outcome(1)).toBe(200)
})

test.for([
  ['shorter', '5', 'abc'],
  ['longer', '2', 'abc'],
])(
  'a body that is %s than was said never counts as complete',
  async ([, length = '', body = '']) => {
    await using backend = await recordingBackend()
    await using balancer = await balance([backend.port])
    await using client = await h2Frames(balancer.port)
    const fields: Fields = [
      [':method', 'POST'],
      scheme,
      path,
      authority,
      ['content-length', length],
    ]
    client.send(headers(1, fields, true))
    client.send(lastData(1, body))
    expect(await client.outcome(1)).toBeOneOf(['reset', 400])
    expect(backend.requests).toEqual([])
  },
)

test('CONNECT is 405, and one for another protocol is refused', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  const plain = { ':method': 'CONNECT', ':authority': 'lb.test:443' }
  expect(await client.ask(plain)).toMatchObject({ status: 405 })
  await using frames = await h2Frames(balancer.port)
  const connect: Fields = [
    [':method', 'CONNECT'],
    [':protocol', 'connect-udp'],
  ]
  frames.send(headers(1, [...connect, scheme, path, authority]))
  // 501, which is not in the static table.
  expect(await frames.outcome(1)).toBe(-1)
  expect(backend.requests).toEqual([])
})

test('Host alone says whom a request is for, and the same twice is no conflict', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  client.send(headers(1, [method, scheme, path, ['host', 'lb.test']]))
  expect(await client.outcome(1)).toBe(200)
  client.send(headers(3, [...good, ['host', 'LB.test']]))
  expect(await client.outcome(3)).toBe(200)
  expect(backend.requests.map(({ headers: { host } }) => host)).toEqual(['lb.test', 'lb.test'])
})
