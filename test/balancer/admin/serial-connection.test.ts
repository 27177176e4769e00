import type { Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { SerialConnection } from '../../../src/balancer/admin/serial-connection.ts'

const requests = [
  'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
  'PUT /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n0\r\nX: y\r\n\r\n',
  'GET /4 HTTP/1.1\r\nHost: a\r\n\r\n',
]

function connect() {
  const [client, socket] = duplexPair()
  const connection = new SerialConnection(socket as Socket)
  let text = ''
  client.resume()
  connection.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
  })
  return { client, connection, text: () => text }
}

/** Until all that was written has come. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 300; turn++) await new Promise(setImmediate)
}

async function write(client: ReturnType<typeof connect>['client'], text: string, size: number) {
  for (let at = 0; at < text.length; at += size) {
    client.write(text.slice(at, at + size))
    if (size < 100) await new Promise(setImmediate)
  }
  await settled()
}

test.for([1, 7, 10_000])(
  'a request comes once the response to the one before it was written, in pieces of %i bytes',
  async (size) => {
    const { client, connection, text } = connect()
    await write(client, requests.join(''), size)
    for (let count = 1; count <= requests.length; count++) {
      expect(text()).toBe(requests.slice(0, count).join(''))
      connection.next()
      await settled()
    }
    client.end('GET /5')
    await settled()
    expect(text()).toMatch(/GET \/5$/)
  },
)

test('a response may come before the end of its request', async () => {
  const { client, connection, text } = connect()
  await write(client, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na', 100)
  connection.next()
  await write(client, 'bcGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3', 100)
  expect(text()).toMatch(/abcGET \/2 HTTP\/1\.1\r\nHost: a\r\n\r\n$/)
})

test.for([
  ['no HTTP', 'GARBAGE\r\n\r\n'],
  ['two lengths', 'GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['an endless head', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`],
])('nothing is read behind %s', async ([, first]) => {
  const { client, connection, text } = connect()
  await write(client, first + requests.join(''), 100_000)
  const before = text()
  expect(before).not.toContain('POST')
  connection.next()
  await settled()
  expect(text()).toBe(before)
  expect(connection.destroyed).toBe(true)
})

test('what a client sends while its response is not written is not read', async () => {
  const { client, text } = connect()
  const [first = ''] = requests
  // Less than a hundred pieces fill the buffers on the way.
  for (let piece = 0; piece < 100 && client.write(requests.join('').repeat(100)); piece++)
    await settled()
  expect(client.writableNeedDrain).toBe(true)
  expect(text()).toBe(first)
})
