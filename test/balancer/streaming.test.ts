import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { BalancerReady } from '../../src/balancer/config.ts'
import { configFor } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'

const mebibyte = 1 << 20
/** Far more than all buffers on the way together may hold: kernel sockets take a few MiB each. */
const body = 256 * mebibyte
/** What the balancer may take more while it passes that on. */
const allowance = 32 * mebibyte

/** A balancer in a process of its own, whose memory can be seen. */
async function balancerProcess(port: number) {
  const child = fork(new URL('../../src/balancer/main.ts', import.meta.url))
  child.send({ id: 1, ask: 'start', with: configFor([port]) })
  const [told] = (await once(child, 'message')) as [{ answer: BalancerReady }]
  return {
    port: told.answer.port,
    child,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** Bytes of memory that the process has in use. */
function residentBytes({ pid }: ChildProcess): number {
  const [, pages = ''] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return Number(pages) * 4096
}

/** Reads all that comes with a pause after each piece, and calls `onPause` in each. */
async function readSlowly(socket: Socket, octets: number, onPause: () => void): Promise<void> {
  let got = 0
  for await (const chunk of socket) {
    got += (chunk as Buffer).length
    if (got >= octets) return
    if (Math.floor(got / (8 * mebibyte)) !== Math.floor((got - chunk.length) / (8 * mebibyte))) {
      onPause()
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

/** Writes so many octets as fast as they are taken. */
async function pour(socket: Socket, octets: number): Promise<void> {
  const piece = Buffer.alloc(mebibyte, 'x')
  for (let sent = 0; sent < octets; sent += piece.length) {
    if (!socket.write(piece)) await once(socket, 'drain')
  }
}

test('a great answer to a slow reader takes little memory', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body}\r\n\r\n`)
    pour(socket, body).catch(() => undefined)
  })
  await using balancer = await balancerProcess(backend.port)
  const client = connect(balancer.port, '127.0.0.1')
  const before = residentBytes(balancer.child)
  let most = 0
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await readSlowly(client, body, () => {
    most = Math.max(most, residentBytes(balancer.child) - before)
  })
  client.destroy()
  expect(most).toBeLessThan(allowance)
})

test('a great request to a slow backend takes little memory', async () => {
  let most = 0
  let before = 0
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balancerProcess(backend.port)
  before = residentBytes(balancer.child)
  backend.server.removeAllListeners('connection')
  const read = new Promise<void>((resolve) => {
    backend.server.once('connection', (socket: Socket) => {
      void readSlowly(socket, body, () => {
        most = Math.max(most, residentBytes(balancer.child) - before)
      }).then(resolve)
    })
  })
  const client = connect(balancer.port, '127.0.0.1')
  client.on('error', () => undefined)
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body}\r\n\r\n`)
  await Promise.all([pour(client, body), read])
  client.destroy()
  expect(most).toBeLessThan(allowance)
})
