import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { http2Clients } from '../../../bench/reliability/http2-clients.ts'
import {
  answerFrame,
  flag,
  frame,
  framesOf,
  frameType,
  rawH2Backend,
  word,
} from '../../balancer/support/raw-h2-backend.ts'

const ends = flag.endHeaders | flag.endStream
const noError = 0
const internalError = 2
const highestStream = 0x7fff_ffff

const goAway = (last: number, code: number) =>
  frame(frameType.goAway, 0, 0, word(last) + word(code))

/** A server in HTTP/2, and clients each of whose connections has carried one request. */
async function used() {
  const server = await rawH2Backend((socket, stream) => socket.write(answerFrame(stream, [], ends)))
  const clients = http2Clients()
  onTestFinished(async () => {
    clients.close()
    await server[Symbol.asyncDispose]()
  })
  const ask = (method: string) => clients.attempt({ port: server.port, path: '/', method }, false)
  do await ask('GET')
  while (server.sockets.length < 20)
  const heads = () =>
    server.sockets
      .flatMap((_, connection) => framesOf(server, connection))
      .filter(({ type }) => type === frameType.headers).length
  return { server, ask, heads }
}

test.for(['GET', 'POST'])(
  'a %s that had not left its client when GOAWAY came is sent on another connection, and is no failure',
  async (method) => {
    const { server, ask, heads } = await used()
    const before = heads()
    // Behind a timer, sockets are read before Node writes the frames of requests.
    await wait(1)
    server.sockets[0]?.write(goAway(highestStream, noError))
    expect(await ask(method)).toMatchObject({ outcome: '200', unprocessed: false })
    expect(heads()).toBe(before + 1)
    expect(framesOf(server).filter(({ type }) => type === frameType.headers)).toHaveLength(1)
  },
)

test('a request that was sent, and that GOAWAY excludes, is one that the server refused', async () => {
  const { server, ask } = await used()
  server.sockets[0]?.pause()
  const asked = ask('GET')
  // The head is on its way.
  await wait(1)
  await new Promise((resolve) => setImmediate(resolve))
  server.sockets[0]?.write(goAway(1, noError))
  expect(await asked).toMatchObject({ outcome: 'REFUSED_STREAM', unprocessed: true })
})

test('a server that ends its connection with an error is not left silently', async () => {
  const { server, ask } = await used()
  await wait(1)
  server.sockets[0]?.end(goAway(1, internalError))
  expect((await ask('GET')).outcome).not.toBe('200')
})
