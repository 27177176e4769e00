import { expect, test } from 'vitest'
import { errorCode } from '../../../src/http2/error-code.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { type Peer, peer, summary } from './support/peer.ts'
import {
  data,
  flag,
  frame,
  get,
  goAway,
  headers,
  ok,
  ping,
  post,
  rstStream,
  type,
} from './support/wire.ts'

const { noError, cancel, refusedStream, internalError } = errorCode

function answer({ connection, streams }: Peer, id: number): void {
  const stream = streams.get(id)
  if (stream !== undefined) connection.sendHeaders(stream, listOfPairs(ok), true)
}

function client() {
  const tested = peer({ role: 'client' })
  const open = () => tested.connection.openStream(listOfPairs(get), true, 'user')
  return { ...tested, open }
}

test('a server leaves in two steps: requests on their way are served, later ones are not', () => {
  const tested = peer()
  const { connection, send, news, taken } = tested
  send(headers(1, get))
  connection.shutdown()
  const [first, second] = taken()
  expect(summary([first, second].filter((one) => one !== undefined))).toEqual([
    [type.goAway, 0x7fffffff, noError],
    [type.ping, 0],
  ])
  send(headers(3, get))
  // The peer has seen both. What it had begun to send may come behind its acknowledgement.
  const acknowledgement = frame(type.ping, flag.ack, 0, second?.payload)
  expect(summary(send(acknowledgement, headers(5, get)))).toEqual([[type.ping, 0]])
  expect(summary(send(acknowledgement))).toEqual([[type.goAway, 5, noError]])
  news()
  send(headers(7, post, 0), data(7, 'x', flag.endStream))
  expect(news()).toEqual([])
  answer(tested, 1)
  expect(news()).toEqual([['closed', 1, 'complete', noError]])
  answer(tested, 3)
  answer(tested, 5)
  expect(news()).toEqual([
    ['closed', 3, 'complete', noError],
    ['closed', 5, 'complete', noError],
    ['finished'],
  ])
})

test('a server whose peer has used the highest identifier finishes too', () => {
  const tested = peer()
  const { connection, send, news, taken } = tested
  send(headers(0x7fffffff, get))
  connection.shutdown()
  const [, second] = taken()
  for (let round = 0; round < 2; round++) send(frame(type.ping, flag.ack, 0, second?.payload))
  news()
  answer(tested, 0x7fffffff)
  expect(news()).toEqual([['closed', 0x7fffffff, 'complete', noError], ['finished']])
})

test('a server that cannot wait for its peer takes no stream from now on', () => {
  const tested = peer()
  const { connection, send, news, taken } = tested
  send(headers(1, get))
  connection.shutdown()
  connection.goAway()
  connection.goAway()
  expect(summary(taken()).slice(2)).toEqual([[type.goAway, 1, noError]])
  send(headers(3, get))
  answer(tested, 1)
  expect(news().at(-1)).toEqual(['finished'])
})

test('a server without streams has finished once it went away', () => {
  const { connection, news } = peer()
  connection.goAway()
  expect(news()).toEqual([['finished']])
})

test('a client that leaves opens no more streams, and finishes those that are open', () => {
  const { connection, open, send, news, taken } = client()
  open()
  connection.shutdown()
  expect(summary(taken()).slice(1)).toEqual([[type.goAway, 0, noError]])
  expect(connection.hasRoom()).toBe(false)
  expect(open()).toBeUndefined()
  send(headers(1, ok))
  expect(news().slice(-2)).toEqual([['closed', 1, 'complete', noError], ['finished']])
})

test('streams above the last that GOAWAY names were not processed; the others go on', () => {
  const { open, send, news, connection } = client()
  const [one, two, three] = [open(), open(), open()]
  send(goAway(3, noError))
  expect(news()).toEqual([
    ['closed', 5, 'connection', noError],
    ['goAway', noError, 3],
  ])
  expect([one, two, three].map((stream) => stream?.unprocessed)).toEqual([false, false, true])
  expect(connection.hasRoom()).toBe(false)
  send(goAway(1, internalError))
  expect(two?.unprocessed).toBe(true)
  send(headers(1, ok))
  expect(news().slice(-2)).toEqual([['closed', 1, 'complete', noError], ['finished']])
})

test('a stream that was refused was not processed; one that was cancelled may have been', () => {
  const { open, send } = client()
  const [one, two] = [open(), open()]
  send(rstStream(1, refusedStream), rstStream(3, cancel))
  expect([one, two].map((stream) => [stream?.ending, stream?.code, stream?.unprocessed])).toEqual([
    ['peer', refusedStream, true],
    ['peer', cancel, false],
  ])
})

test('a complete response stays complete when the server then resets its stream without an error', () => {
  const { connection, send } = client()
  const stream = connection.openStream(listOfPairs(post), false, 'user')
  send(headers(1, ok), rstStream(1, noError))
  expect([stream?.remoteEnded, stream?.ending, stream?.code]).toEqual([true, 'peer', noError])
})

test('a client may go away, and its streams are still served', () => {
  const tested = peer()
  tested.send(headers(1, get), goAway(0, noError))
  answer(tested, 1)
  expect(tested.news()).toEqual([
    ['headers', 1, get, true],
    ['goAway', noError, 0],
    ['closed', 1, 'complete', noError],
  ])
})

test('a destroyed connection says why, and closes its streams', () => {
  const { connection, send, news, taken } = peer()
  send(headers(1, get))
  connection.destroy(internalError)
  expect(summary(taken())).toEqual([[type.goAway, 1, internalError]])
  expect(news().slice(1)).toEqual([['closed', 1, 'connection', internalError]])
  expect(send(ping)).toEqual([])
})

test('a connection that is lost closes its streams, and has no output', () => {
  const { connection, open, news, taken } = client()
  const stream = open()
  taken()
  connection.lost()
  connection.lost()
  expect(news()).toEqual([['closed', 1, 'connection', cancel]])
  expect(taken()).toEqual([])
  expect(stream?.unprocessed).toBe(false)
  expect(open()).toBeUndefined()
})

test('a request that was still in the output when the connection was lost was not processed', () => {
  const { connection, open, taken } = client()
  const sent = open()
  taken()
  const unsent = open()
  connection.lost()
  expect([sent?.unprocessed, unsent?.unprocessed]).toEqual([false, true])
})

test('a peer that is asked answers', () => {
  const { connection, send, news, taken } = client()
  connection.ping()
  const [question] = taken()
  expect(question?.kind).toBe(type.ping)
  send(frame(type.ping, flag.ack, 0, question?.payload))
  expect(news()).toEqual([['pong']])
})

test('a PING is answered with its own bytes', () => {
  const [reply] = peer().send(ping)
  expect([reply?.kind, reply?.flags, reply?.payload.toString()]).toEqual([
    type.ping,
    flag.ack,
    '12345678',
  ])
})
