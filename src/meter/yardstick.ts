import { connect, createServer, type Server, type Socket } from 'node:net'
import { serveRequests } from '../kit/rpc.ts'

/*
 * The process of the yardstick: a reference load that is the same in every trial, and runs beside it on the same CPUs. On a
 * shared machine the cost of the same work varies by half from one minute to the next, and no counter of the host shows it:
 * the other hardware thread of the core is busy with other work, or the two CPUs are further apart. The cost of a round
 * trip over loopback, from CPU set to CPU set, varies as a balancer's costs do.
 */

/** Cost of the reference load on one CPU set. */
export interface Yardstick {
  /** Messages received in the window. */
  readonly count: number
  /** CPU-seconds per message, for receiving it and sending one. */
  readonly unitSeconds: number
}

/** Milliseconds between two rounds, and messages in each: about 2 % of a CPU. */
const everyMs = 20
const connections = 10
const message = Buffer.alloc(64, '.')

let received = 0
let atOpen = { user: 0, system: 0 }
let result: Yardstick = { count: 0, unitSeconds: 0 }
let server: Server | undefined
let timer: NodeJS.Timeout | undefined

/** Counts each message, and on the server's side sends it back. */
function countMessages(socket: Socket, echo: boolean): void {
  socket.setNoDelay(true)
  socket.on('data', (bytes) => {
    received++
    if (echo) socket.write(bytes)
  })
  // The other end closed first: the trial is over.
  socket.on('error', () => socket.destroy())
}

async function listen(): Promise<number> {
  server = createServer((socket) => countMessages(socket, true))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(0, '127.0.0.1', resolve)
  await promise
  return (server.address() as { port: number }).port
}

async function connectTo(port: number): Promise<void> {
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(port, '127.0.0.1')
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      socket.once('connect', resolve).once('error', reject)
      await promise
      countMessages(socket, false)
      return socket
    }),
  )
  timer = setInterval(() => {
    for (const socket of sockets) socket.write(message)
  }, everyMs)
}

serveRequests({
  /** Starts the server's side; returns its port. */
  start: listen,
  /** Starts the client's side, which sends to the server on this port. */
  join: connectTo,
  open(): void {
    received = 0
    // Of the whole process: only those counters are exact up to now.
    atOpen = process.cpuUsage()
  },
  close(): void {
    const { user, system } = process.cpuUsage(atOpen)
    result = { count: received, unitSeconds: received === 0 ? 0 : (user + system) / 1e6 / received }
  },
  report(): Yardstick {
    return result
  },
  stop(): void {
    clearInterval(timer)
    server?.close()
  },
})
