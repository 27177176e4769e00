import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { errorCode } from '../../../src/http2/error-code.ts'
import { nameAt, valueAt } from '../../../src/http2/field-list.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { ourServer } from './support/over-socket.ts'

/**
 * A server of ours that answers GET with the number of bytes that its path names, and sends the content of any
 * other request back, with trailers.
 */
function echoServer() {
  return ourServer((over) => ({
    headers(stream, { fields }, end) {
      const { connection } = over()
      const path = Array.from({ length: fields.count }, (_, index) => index).find(
        (index) => nameAt(fields, index) === ':path',
      )
      const length = Number(valueAt(fields, path as number).slice(1))
      connection.sendHeaders(
        stream,
        listOfPairs([
          [':status', '200'],
          ['x-kind', 'echo'],
        ]),
        false,
      )
      if (end) connection.sendData(stream, Buffer.alloc(length, 'x'), true)
    },
    data(stream, bytes, end) {
      const { connection } = over()
      // Only what the client takes in again is taken from it: back-pressure through both.
      const sent = connection.sendData(stream, bytes, false)
      if (end) connection.sendTrailers(stream, listOfPairs([['x-end', 'yes']]))
      if (sent) connection.consume(stream, bytes.length)
    },
    drained(stream) {
      over().connection.consume(stream, Number.POSITIVE_INFINITY)
    },
  }))
}

/** Opens a session that is closed at the end of its scope. */
function session(port: number): ClientHttp2Session & AsyncDisposable {
  const client = connect(`http://127.0.0.1:${port}`)
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      client.destroy()
    },
  })
}

async function ask(client: ClientHttp2Session, fields: OutgoingHttpHeaders, content?: Buffer) {
  const stream = client.request(fields)
  const parts: Buffer[] = []
  let trailers: unknown
  stream.on('trailers', (received) => {
    trailers = received
  })
  stream.on('data', (part: Buffer) => parts.push(part))
  if (content === undefined) stream.end()
  else stream.end(content)
  const [head] = await once(stream, 'response')
  await once(stream, 'close')
  return { head, trailers, content: Buffer.concat(parts), code: stream.rstCode }
}

test('a client of Node gets its responses, many at once', async () => {
  await using server = await echoServer()
  await using client = session(server.port)
  const sizes = [0, 1, 1000, 16_384, 100_000, 1_000_000]
  const answers = await Promise.all(sizes.map((size) => ask(client, { ':path': `/${size}` })))
  expect(answers.map(({ content }) => content.length)).toEqual(sizes)
  expect(answers.map(({ code }) => code)).toEqual(sizes.map(() => errorCode.noError))
  expect(answers[0]?.head).toMatchObject({ ':status': 200, 'x-kind': 'echo' })
})

test('a client of Node gets back what it uploads, and trailers behind it', async () => {
  await using server = await echoServer()
  await using client = session(server.port)
  const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251))
  const fields = { ':method': 'POST', ':path': '/', 'x-long': 'v'.repeat(20_000) }
  const answer = await ask(client, fields, content)
  expect(answer.content.equals(content)).toBe(true)
  expect(answer.trailers).toMatchObject({ 'x-end': 'yes' })
})

test('hundreds of requests of a client of Node go through one connection', async () => {
  await using server = await echoServer()
  await using client = session(server.port)
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        ask(client, { ':path': `/${index}`, 'x-round': `${round}`, cookie: `id=${index}` }),
      ),
    )
    expect(answers.map(({ content }) => content.length)).toEqual(answers.map((_, index) => index))
  }
})

const hasTools = spawnSync('h2load', ['--version']).error === undefined
const run = promisify(execFile)

test.skipIf(!hasTools)(
  'h2load of nghttp2 gets all of its responses (skipped without nghttp2-client)',
  async () => {
    await using server = await echoServer()
    const address = `http://127.0.0.1:${server.port}/100`
    const { stdout } = await run('h2load', ['-n', '2000', '-c', '4', '-m', '20', address])
    expect(stdout).toContain('2000 succeeded, 0 failed, 0 errored, 0 timeout')
    expect(stdout).toContain('status codes: 2000 2xx')
  },
)

test.skipIf(!hasTools)(
  'nghttp of nghttp2 uploads and gets trailers (skipped without nghttp2-client)',
  async () => {
    await using server = await echoServer()
    const address = `http://127.0.0.1:${server.port}/`
    const content = join(import.meta.dirname, '../../cases/hpack/README.md')
    const { stdout } = await run('nghttp', ['-v', '-d', content, address], {
      maxBuffer: 1 << 24,
    })
    expect(stdout).toContain('recv (stream_id=13) x-end: yes')
    expect(stdout).not.toMatch(/error_code=(?!NO_ERROR)/)
  },
)
