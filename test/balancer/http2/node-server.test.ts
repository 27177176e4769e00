import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Http2Stream } from '../../../src/http2/stream.ts'
import { type FieldPairs, listOfPairs, pairsIn } from './support/field-pairs.ts'
import { type OverSocket, ourClient } from './support/over-socket.ts'

/** What came of a request. */
interface Answer {
  readonly interim: FieldPairs[]
  fields: FieldPairs
  readonly parts: Buffer[]
  trailers: FieldPairs
  closed(): void
}

type Answered = Omit<Answer, 'closed'> & { readonly stream: Http2Stream<Answer> }

async function nodeServer(onStream: (stream: ServerHttp2Stream, path: string) => void) {
  const server: Http2Server = createServer({ settings: { maxConcurrentStreams: 50 } })
  server.on('session', (session) => session.on('error', () => undefined))
  server.on('stream', (stream: ServerHttp2Stream, fields) => {
    stream.on('error', () => undefined)
    onStream(stream, String(fields[':path']))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

function client(port: number) {
  const settled = Promise.withResolvers<void>()
  return ourClient<Answer>(port, (over) => ({
    headers(stream, { fields, status }) {
      if (stream.user === undefined) return
      if (status < 200) stream.user.interim.push(pairsIn(fields))
      else stream.user.fields = pairsIn(fields)
    },
    data(stream, bytes) {
      stream.user?.parts.push(Buffer.from(bytes))
      over().connection.consume(stream, bytes.length)
    },
    trailers(stream, fields) {
      if (stream.user !== undefined) stream.user.trailers = pairsIn(fields)
    },
    closed: (stream) => stream.user?.closed(),
    settings: () => settled.resolve(),
  })).then(async (over) => {
    await settled.promise
    return over
  })
}

/** Sends a request and waits for the end of its stream. */
async function ask(
  { connection, flush }: Pick<OverSocket<Answer>, 'connection' | 'flush'>,
  path: string,
  content?: Buffer,
): Promise<Answered> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const answer: Answer = { interim: [], fields: [], parts: [], trailers: [], closed: resolve }
  const fields = listOfPairs([
    [':method', content === undefined ? 'GET' : 'POST'],
    [':scheme', 'http'],
    [':authority', 'example.com'],
    [':path', path],
  ])
  const stream = connection.openStream(fields, content === undefined, answer)
  if (stream === undefined) throw new Error('no room for a stream')
  if (content !== undefined) connection.sendData(stream, content, true)
  flush()
  await promise
  return { ...answer, stream }
}

test('a server of Node answers, with interim responses and trailers', async () => {
  await using server = await nodeServer((stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</a>' })
    stream.respond({ ':status': 200, 'x-kind': 'node' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end('content')
  })
  await using over = await client(server.port)
  const answer = await ask(over, '/')
  expect(answer.interim).toEqual([
    [
      [':status', '103'],
      ['link', '</a>'],
    ],
  ])
  expect(answer.fields).toContainEqual(['x-kind', 'node'])
  expect(Buffer.concat(answer.parts).toString()).toBe('content')
  expect(answer.trailers).toEqual([['grpc-status', '0']])
  expect(answer.stream.ending).toBe('complete')
})

test('megabytes go to a server of Node and back', async () => {
  await using server = await nodeServer((stream) => {
    stream.respond()
    stream.pipe(stream)
  })
  await using over = await client(server.port)
  const content = Buffer.from(Array.from({ length: 5_000_000 }, (_, index) => index % 253))
  const answers = await Promise.all([1, 2, 3].map(() => ask(over, '/', content)))
  for (const { parts } of answers) expect(Buffer.concat(parts).equals(content)).toBe(true)
})

test('a server of Node that ends its response first has the request stopped', async () => {
  await using server = await nodeServer((stream) => {
    stream.respond({ ':status': 413 })
    stream.end('too much', () => stream.close(0))
  })
  await using over = await client(server.port)
  // More than the windows of the server, which reads none of it.
  const answer = await ask(over, '/', Buffer.alloc(1_000_000))
  expect(answer.fields[0]).toEqual([':status', '413'])
  expect(Buffer.concat(answer.parts).toString()).toBe('too much')
  expect([answer.stream.remoteEnded, answer.stream.code]).toEqual([true, 0])
})

test('requests above the limit of a server of Node wait for room', async () => {
  await using server = await nodeServer((stream, path) => {
    stream.respond()
    stream.end(path)
  })
  await using over = await client(server.port)
  const opened = Array.from({ length: 50 }, (_, index) => ask(over, `/${index}`))
  expect(over.connection.hasRoom()).toBe(false)
  const answers = await Promise.all(opened)
  expect(answers.map(({ parts }) => Buffer.concat(parts).toString())).toEqual(
    answers.map((_, index) => `/${index}`),
  )
  expect(over.connection.hasRoom()).toBe(true)
})

test('GOAWAY of a server of Node ends the connection behind the last stream', async () => {
  await using server = await nodeServer((stream) => {
    stream.session?.close()
    stream.respond()
    setImmediate(() => stream.end('last'))
  })
  await using over = await client(server.port)
  const ended = once(over.socket, 'close')
  const answer = await ask(over, '/')
  expect(Buffer.concat(answer.parts).toString()).toBe('last')
  expect(over.connection.hasRoom()).toBe(false)
  await ended
})
