import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHttp2Connection } from '../../../src/http2/connection.ts'
import type { Role } from '../../../src/http2/connection-state.ts'
import { defaultLimits, type Http2Limits } from '../../../src/http2/limits.ts'
import type { Http2Stream } from '../../../src/http2/stream.ts'
import { type Random, seeded } from '../../../src/kit/random.ts'
import { type FieldPairs, listOfPairs, pairsIn } from './support/field-pairs.ts'
import { ok, post } from './support/wire.ts'

/** A message on its way from one side to the other. */
interface Message {
  readonly fields: FieldPairs
  readonly content: Buffer
  readonly trailers: FieldPairs
  /** Bytes that were given to the sender, and whether it waits for `drained`. */
  given: number
  waits: boolean
  ended: boolean
}

/** What came of a message. */
interface Received {
  fields: FieldPairs
  parts: Buffer[]
  trailers: FieldPairs
  ended: boolean
  /** Bytes that were not consumed. */
  held: number
}

interface Side {
  readonly connection: ReturnType<typeof createHttp2Connection<string>>
  readonly streams: Map<Http2Stream<string>, { readonly sends: Message; readonly gets: Received }>
  readonly failures: unknown[]
  closed: number
  finished: boolean
}

function upTo(random: Random, bound: number): number {
  return Math.floor(random() * bound)
}

function message(random: Random, head: FieldPairs, number: number): Message {
  const length = random() < 0.3 ? 0 : upTo(random, random() < 0.1 ? 200_000 : 5000)
  const content = Buffer.from(Array.from({ length }, () => upTo(random, 256)))
  const known = random() < 0.5 ? [['content-length', `${length}`] as const] : []
  const large = random() < 0.05 ? [['x-large', 'l\x80'.repeat(12_000)] as const] : []
  return {
    fields: [...head, ['x-number', `${number}`], ...known, ...large],
    content,
    trailers: random() < 0.3 ? [['x-trailer', `${number}`]] : [],
    given: 0,
    waits: false,
    ended: false,
  }
}

function side(role: Role, limits: Http2Limits, random: Random): Side {
  const self: Side = {
    streams: new Map(),
    failures: [],
    closed: 0,
    finished: false,
    connection: createHttp2Connection<string>({
      role,
      limits,
      events: {
        headers(stream, { fields }, end) {
          if (role === 'server') {
            const number = Number(pairsIn(fields).find(([name]) => name === 'x-number')?.[1])
            accept(stream, message(random, ok, number))
          }
          const { gets } = recordOf(stream)
          gets.fields = pairsIn(fields)
          gets.ended = end
        },
        refused: (stream, problem) => self.failures.push([stream.id, problem]),
        data(stream, bytes, end) {
          const { gets } = recordOf(stream)
          gets.parts.push(Buffer.from(bytes))
          gets.held += bytes.length
          gets.ended = end
        },
        trailers(stream, fields) {
          const { gets } = recordOf(stream)
          gets.trailers = pairsIn(fields)
          gets.ended = true
        },
        drained(stream) {
          recordOf(stream).sends.waits = false
        },
        closed(stream) {
          self.closed++
          if (stream.ending !== 'complete')
            self.failures.push([stream.id, stream.ending, stream.code])
        },
        settings: () => undefined,
        pong: () => undefined,
        goAway: () => undefined,
        finished() {
          self.finished = true
        },
        failed: (code, reason) => self.failures.push([code, reason]),
      },
    }),
  }
  function accept(stream: Http2Stream<string>, sends: Message): void {
    const gets = { fields: [], parts: [], trailers: [], ended: false, held: 0 }
    self.streams.set(stream, { sends, gets })
  }
  function recordOf(stream: Http2Stream<string>) {
    const record = self.streams.get(stream)
    if (record === undefined) throw new Error('a stream that nobody opened')
    return record
  }
  return self
}

/** Bytes on their way, in order. */
interface Pipe {
  readonly from: Side
  readonly to: Side
  bytes: Buffer
}

function transfer(pipe: Pipe, random: Random): void {
  const { from, to } = pipe
  if (pipe.bytes.length === 0) {
    pipe.bytes = Buffer.from(from.connection.takeOutput())
    from.connection.outputWritten()
  }
  if (!to.connection.wantsRead) return
  const size = 1 + upTo(random, random() < 0.5 ? 50 : 70_000)
  to.connection.receive(Buffer.from(pipe.bytes.subarray(0, size)))
  pipe.bytes = pipe.bytes.subarray(size)
}

/** Sends the next part of a message, or its end. */
function give(
  { connection }: Side,
  stream: Http2Stream<string>,
  sends: Message,
  random: Random,
): void {
  if (sends.waits || sends.ended) return
  const { content, given, trailers } = sends
  const size = Math.min(content.length - given, 1 + upTo(random, 30_000))
  sends.given += size
  const last = sends.given === content.length
  const end = last && trailers.length === 0
  sends.waits = !connection.sendData(stream, content.subarray(given, given + size), end)
  if (last && !end) connection.sendTrailers(stream, listOfPairs(trailers))
  sends.ended = last
}

function takePart({ connection }: Side, stream: Http2Stream<string>, gets: Received, most: number) {
  const size = Math.min(gets.held, most)
  gets.held -= size
  connection.consume(stream, size)
}

const limits: Http2Limits = {
  ...defaultLimits,
  streams: 6,
  streamWindow: 3000,
  maxStreamWindow: 9000,
  unread: 65_535,
  output: 10_000,
}

/** Runs random exchanges over one connection until all are complete. */
function run(seed: number, count: number) {
  const random = seeded(seed)
  const client = side('client', limits, random)
  const server = side('server', limits, random)
  const pipes: Pipe[] = [
    { from: client, to: server, bytes: Buffer.alloc(0) },
    { from: server, to: client, bytes: Buffer.alloc(0) },
  ]
  const started = new Set<Http2Stream<string>>()
  let opened = 0

  function open(): void {
    if (opened === count || !client.connection.hasRoom()) return
    const sends = message(random, post, opened)
    const fields = listOfPairs(sends.fields)
    const end = sends.content.length === 0 && sends.trailers.length === 0
    const stream = client.connection.openStream(fields, end, 'user')
    if (stream === undefined) return
    opened++
    sends.ended = end
    const gets = { fields: [], parts: [], trailers: [], ended: false, held: 0 }
    client.streams.set(stream, { sends, gets })
    started.add(stream)
  }

  function act(of: Side): void {
    for (const [stream, { sends, gets }] of of.streams) {
      if (random() < 0.5) takePart(of, stream, gets, upTo(random, 20_000))
      if (random() < 0.5) continue
      if (started.has(stream)) give(of, stream, sends, random)
      else {
        started.add(stream)
        of.connection.sendHeaders(stream, listOfPairs(sends.fields), false)
      }
    }
  }

  function complete(): boolean {
    const done = ({ streams, closed }: Side) => streams.size === count && closed === count
    return opened === count && done(client) && done(server)
  }

  let steps = 0
  while (!complete() && client.failures.length + server.failures.length === 0) {
    if (++steps > 50_000) throw new Error('the exchanges do not come to their end')
    if (random() < 0.3) open()
    for (const pipe of pipes) if (random() < 0.7) transfer(pipe, random)
    if (random() < 0.5) act(client)
    if (random() < 0.5) act(server)
  }
  return { client, server, pipes, random }
}

function arrives(sends: Message | undefined, gets: Received | undefined): void {
  expect(gets?.fields).toEqual(sends?.fields)
  expect(Buffer.concat(gets?.parts ?? []).equals(sends?.content ?? Buffer.alloc(1))).toBe(true)
  expect(gets?.trailers).toEqual(sends?.trailers)
  expect(gets?.ended).toBe(true)
}

test('two connections pass on every byte of any traffic, within all windows', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { client, server } = run(seed, 25)
      expect([client.failures, server.failures]).toEqual([[], []])
      const answers = [...server.streams.values()]
      ;[...client.streams.values()].forEach(({ sends, gets }) => {
        const number = sends.fields.find(([name]) => name === 'x-number')?.[1]
        const answer = answers.find(({ gets: { fields } }) =>
          fields.some(([name, value]) => name === 'x-number' && value === number),
        )
        arrives(sends, answer?.gets)
        arrives(answer?.sends, gets)
      })
    }),
    { numRuns: 15 },
  )
})

test('when both are done, a server that leaves finishes', () => {
  const { client, server, pipes, random } = run(7, 3)
  server.connection.shutdown()
  for (let step = 0; step < 100; step++) for (const pipe of pipes) transfer(pipe, random)
  expect([client.finished, server.finished]).toEqual([true, true])
  expect([client.failures, server.failures]).toEqual([[], []])
})
