import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectH2 } from 'node:http2'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Duplex, Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { BalancerReady } from '../../src/balancer/config/config.ts'
import { configFor } from './support/balance.ts'

const mebibyte = 1 << 20
/** What the balancer may take more while it passes a body on. */
const allowance = 64 * mebibyte
/** So long that it would be seen if a part of it were kept. */
const body = 4 * allowance
/** Milliseconds: each takes one to two seconds where nothing else runs. */
const patience = 90_000

/** A balancer in a process of its own, whose memory can be seen. */
async function balancerProcess(port: number) {
  const child = fork(new URL('../../src/balancer/main.ts', import.meta.url))
  child.send({ id: 1, ask: 'start', with: configFor([port]) })
  const [ready] = (await once(child, 'message')) as [{ answer: BalancerReady }]
  let before = 0
  return {
    port: ready.answer.port,
    /** What it loads for a protocol it loads with the first request in it: that is no body's memory. */
    async warm(open: Front) {
      const client = open(ready.answer.port, 'OPTIONS', 0)
      await once(client, 'data')
      client.destroy()
      before = memoryOf(child).now
    },
    /** Bytes that it had resident at most, over what it had when it was warm. */
    tookMore: () => memoryOf(child).most - before,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** Bytes that a process has resident now, and had at most since it started. */
function memoryOf({ pid }: ChildProcess): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const bytes = (name: string) =>
    Number(RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024
  return { now: bytes('VmRSS'), most: bytes('VmHWM') }
}

/** A backend that does as it likes with a connection. */
async function backendThat(serve: (socket: Socket) => void) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined))
    serve(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/**
 * Reads nothing before the sender stands still, then all of a body, with a pause after every 8 MiB; gives how much
 * came of it. A balancer that does not hold the sender back would have taken in the whole body by then. The stream
 * stays open: whoever sent the last bytes may still wait to hear that they have gone.
 */
async function readSlowly(from: Readable, bytes: number, sender: Sender): Promise<number> {
  let got = 0
  let pauseAt = 8 * mebibyte
  await sender.standsStill()
  let head = true
  for await (const chunk of from.iterator({ destroyOnReturn: false })) {
    got += (chunk as Buffer).length - (head ? headOctets(chunk as Buffer) : 0)
    head = false
    if (got >= bytes) break
    if (got < pauseAt) continue
    pauseAt += 8 * mebibyte
    await wait(10)
  }
  return got
}

/** Bytes of a head of HTTP/1.1 at the start of what came; a body has no line break. */
function headOctets(first: Buffer): number {
  const end = first.indexOf('\r\n\r\n')
  return end < 0 ? 0 : end + 4
}

/** Writes the body as fast as it is taken. */
interface Sender {
  pour(into: Writable): Promise<void>
  /** Waits until nothing was taken of it for a quarter of a second, or all was. */
  standsStill(): Promise<void>
}

function sender(): Sender {
  const piece = Buffer.alloc(mebibyte, 'x')
  let sent = 0
  return {
    async pour(into) {
      for (; sent < body; sent += piece.length) {
        if (!into.write(piece)) await once(into, 'drain')
      }
    },
    async standsStill() {
      for (let seen = -1; seen !== sent; await wait(250)) seen = sent
    },
  }
}

/** Begins a request, and gives where its body goes in and its response comes out. */
type Front = (port: number, method: 'GET' | 'POST' | 'OPTIONS', length: number) => Duplex

/** The balancer responds to OPTIONS itself with it. */
const stays = 'Max-Forwards: 0'

const fronts: Readonly<Record<string, Front>> = {
  'HTTP/1.1': (port, method, length) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${method} / HTTP/1.1\r\nHost: a\r\n${stays}\r\nContent-Length: ${length}\r\n\r\n`)
    return socket
  },
  'HTTP/2': (port, method, length) => {
    const session = connectH2(`http://127.0.0.1:${port}`)
    session.on('error', () => undefined)
    const fields = {
      ...{ ':method': method, ':path': '/', 'content-length': length },
      'max-forwards': '0',
    }
    const stream = session.request(fields, { endStream: length === 0 })
    return stream.on('close', () => session.destroy())
  },
}

test.for(Object.entries(fronts))(
  '256 MiB to a slow reader take little memory, in %s',
  { timeout: patience },
  async ([, open]) => {
    const great = sender()
    await using backend = await backendThat((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body}\r\n\r\n`)
      great.pour(socket).catch(() => undefined)
    })
    await using balancer = await balancerProcess(backend.port)
    await balancer.warm(open)
    const client = open(balancer.port, 'GET', 0)
    expect(await readSlowly(client, body, great)).toBeGreaterThanOrEqual(body)
    expect(balancer.tookMore()).toBeLessThan(allowance)
  },
)

test.for(Object.entries(fronts))(
  '256 MiB to a slow backend take little memory, in %s',
  { timeout: patience },
  async ([, open]) => {
    const great = sender()
    const read = Promise.withResolvers<number>()
    await using backend = await backendThat((socket) => {
      readSlowly(socket, body, great).then(read.resolve, read.reject)
    })
    await using balancer = await balancerProcess(backend.port)
    await balancer.warm(open)
    const client = open(balancer.port, 'POST', body)
    client.on('error', read.reject)
    const [got] = await Promise.all([read.promise, great.pour(client)])
    client.destroy()
    expect(got).toBeGreaterThanOrEqual(body)
    expect(balancer.tookMore()).toBeLessThan(allowance)
  },
)
