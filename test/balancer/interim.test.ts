import { expect, test } from 'vitest'
import { balance, eventually } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const post = 'POST /p HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n'
const okay = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

test('a client that waits for 100 gets that of the backend', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(`${post}Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n`)
  expect(await client.until(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  client.send('hello')
  expect(await client.closed()).toMatch(/\r\n\r\nHTTP\/1\.1 200 OK\r\n.*ok$/s)
  expect(backend.requests[0]?.body).toBe('hello')
  expect(backend.requests[0]?.headers).toHaveProperty('expect', '100-continue')
})

test('a backend refuses an upload by its head, and no 100 comes before', async () => {
  const refusal = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno'
  await using backend = await rawBackend((socket) => socket.write(refusal))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(`${post}Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n`)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n.*no$/s)
  expect(backend.received[0]).toMatch(/\r\nExpect: 100-continue\r\n.*\r\n\r\n$/s)
})

test('an upload that is tried again at another backend gets one 100, and arrives there', async () => {
  await using failing = await rawBackend((socket) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n', () => socket.destroy())
  })
  await using backend = await rawBackend((socket, text) => {
    socket.write(text.endsWith('hello') ? okay : 'HTTP/1.1 100 Continue\r\n\r\n')
  })
  await using balancer = await balance([failing.port, backend.port])
  await using client = await rawClient(balancer.port)
  const put = post.replace('POST', 'PUT')
  client.send(`${put}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`)
  await client.until(/100 Continue\r\n\r\n/)
  await backend.until(/\r\nExpect: 100-continue\r\n.*\r\n\r\n$/s)
  client.send('hello')
  expect(await client.closed()).toMatch(
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n.*ok$/s,
  )
  expect(balancer.counts()).toMatchObject({ retried: 1, answered: 1 })
})

test('no 100 where the body is there already, nor for 1.0', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  const lines = 'Expect: 100-continue\r\nContent-Length: 5\r\n\r\n'
  expect(await exchange(balancer.port, `${post}${lines}hello`)).toMatch(/^HTTP\/1\.1 200 /)
  await using old = await rawClient(balancer.port)
  old.send(`POST /p HTTP/1.0\r\n${lines}`)
  await new Promise((resolve) => setTimeout(resolve, 50))
  old.send('hello')
  expect(await old.closed()).toMatch(/^HTTP\/1\.1 200 /)
})

test('a backend that cannot be reached is reported before the body is requested', async () => {
  await using balancer = await balance([1])
  const lines = 'Expect: 100-continue\r\nContent-Length: 5\r\n\r\n'
  expect(await exchange(balancer.port, post + lines)).toMatch(/^HTTP\/1\.1 502 /)
})

test('an expectation that nobody knows is 417', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  const response = await exchange(balancer.port, `${post}Expect: tea\r\nContent-Length: 0\r\n\r\n`)
  expect(response).toMatch(/^HTTP\/1\.1 417 /)
})

test('103 is passed on, 100 is not, and neither is the response', async () => {
  const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'
  await using backend = await rawBackend((socket) => {
    socket.write(`HTTP/1.1 100 Continue\r\n\r\n${early}`)
    setImmediate(() => socket.write(okay))
  })
  await using balancer = await balance([backend.port])
  const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
  const response = await exchange(balancer.port, get)
  expect(response.startsWith(`${early}HTTP/1.1 200 OK\r\n`)).toBe(true)
  const old = await exchange(balancer.port, 'GET / HTTP/1.0\r\n\r\n')
  expect(old).toMatch(/^HTTP\/1\.1 200 /)
  expect(balancer.counts()).toMatchObject({ requests: 2, answered: 2 })
})

test('a backend that says that it works on a request has longer than the time to its first byte', async () => {
  const processing = 'HTTP/1.1 102 Processing\r\n\r\n'
  await using backend = await rawBackend((socket) => {
    for (let at = 1; at <= 6; at++) setTimeout(() => socket.write(processing), at * 200)
    setTimeout(() => socket.write(okay), 1400)
  })
  await using balancer = await balance([backend.port], { timeouts: { firstByte: 1 } })
  const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
  const response = await exchange(balancer.port, get)
  expect(response.startsWith(processing)).toBe(true)
  expect(response).toMatch(/HTTP\/1\.1 200 OK\r\n.*ok$/s)
})

test('a backend that says so without end holds nobody', async () => {
  let saying: NodeJS.Timeout | undefined
  await using backend = await rawBackend((socket) => {
    saying = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 2)
  })
  await using balancer = await balance([backend.port], { timeouts: { firstByte: 0.3 } })
  const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
  expect(await exchange(balancer.port, get)).toMatch(/HTTP\/1\.1 504 /)
  clearInterval(saying)
})

test('interim responses wait for a client that does not read them, and are not heaped up', async () => {
  const hints = `HTTP/1.1 103 Early Hints\r\nLink: ${'a'.repeat(8000)}\r\n\r\n`.repeat(8000)
  let ended = false
  await using backend = await rawBackend((socket) => {
    socket.write(hints, () => {
      ended = true
    })
  })
  await using balancer = await balance([backend.port], { timeouts: { firstByte: 1, idle: 1 } })
  await using client = await rawClient(balancer.port)
  client.socket.pause()
  client.send('GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  let most = 0
  // Only the time limit of the request gets the backend out of its write.
  await eventually(() => {
    most = Math.max(most, balancer.clients()[0]?.writableLength ?? 0)
    return ended
  })
  expect(most).toBeLessThan(1 << 20)
})

test('a connection that interim responses have stopped serves the next request', async () => {
  const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n'
  const hints = `HTTP/1.1 103 Early Hints\r\nLink: ${'a'.repeat(9000)}\r\n\r\n`.repeat(4)
  await using backend = await rawBackend((socket) => socket.write(hints + okay))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(get)
  await client.until(/ok$/)
  // As with a client that reads nothing: of two responses the second finds no room.
  const [connection] = balancer.clients()
  connection?.cork()
  client.send(get + get)
  await eventually(() => connection?.writableNeedDrain === true)
  await eventually(() => balancer.counts().answered === 3)
  connection?.uncork()
  client.send(get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  expect((await client.closed()).match(/HTTP\/1.1 200 /g)).toHaveLength(4)
  expect(backend.sockets).toHaveLength(1)
})

test('a response that comes before the body is complete is passed on, and is the last', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (text.length > 1000 && socket.bytesWritten === 0) {
      socket.end('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig')
    }
  })
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(`${post.replace('Connection: close\r\n', '')}Content-Length: 10000000\r\n\r\n`)
  for (let sent = 0; sent < 100 && !client.text().includes('big'); sent++) {
    client.send('x'.repeat(1000))
    await new Promise((resolve) => setImmediate(resolve))
  }
  const response = await client.until(/big$/)
  expect(response).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n/s)
  await eventually(() => balancer.counts().inFlight[0] === 0)
  expect(balancer.counts()).toMatchObject({ answered: 1, aborted: 0, failed: { 502: 0 } })
})

test('a connection that a response left in the middle of a body serves no other request', async () => {
  await using backend = await rawBackend((socket) => void socket.write(okay))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(`${post}Content-Length: 10\r\n\r\nhalf`)
  await client.until(/ok$/)
  await using other = await rawClient(balancer.port)
  other.send('GET /next HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  await other.until(/ok$/)
  expect(backend.received[0]).toMatch(/half$/)
  expect(backend.received[1]).toMatch(/^GET \/next /)
})

test('the response of a backend that closed with most of the body unread is not lost', async () => {
  // The rest of the body makes the backend’s kernel reset the connection behind its response.
  await using backend = await rawBackend((socket) => {
    socket.pause()
    socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno', () => socket.destroy())
  })
  await using balancer = await balance([backend.port])
  for (let round = 0; round < 20; round++) {
    await using client = await rawClient(balancer.port)
    client.send(`${post}Content-Length: 10000000\r\n\r\n${'x'.repeat(300_000)}`)
    expect(await client.until(/no$/)).toMatch(/^HTTP\/1\.1 401 /)
  }
})
