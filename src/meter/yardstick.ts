import { connect, createServer, type Server, type Socket } from 'node:net'
import { serveRequests } from '../kit/rpc.ts'

/*
 * The yardstick: a small load that is the same in every trial, and runs beside it on the same CPUs. On a machine that is
 * shared the very same work costs half as much again from one minute to the next, and no counter of the host says so:
 * somebody else's thread has the other half of the core, or the two CPUs lie further apart. What a round trip over
 * loopback costs then, from CPU set to CPU set, costs a balancer too.
 */

/** What the yardstick saw on one set of CPUs. */
export interface Yardstick {
  /** Messages that it took in the window. */
  readonly count: number
  /** CPU-seconds for each of them, to take it and to send one. */
  readonly unitSeconds: number
}

/** Milliseconds from one round to the next, and messages in each: about 2 % of a CPU. */
const everyMs = 20
const connections = 10
const message = Buffer.alloc(64, '.')

let taken = 0
let atOpen = { user: 0, system: 0 }
let seen: Yardstick = { count: 0, unitSeconds: 0 }
let server: Server | undefined
let timer: NodeJS.Timeout | undefined

/** Takes each message, and sends it back where it is the one who answers. */
function attend(socket: Socket, answers: boolean): void {
  socket.setNoDelay(true)
  socket.on('data', (bytes) => {
    taken++
    if (answers) socket.write(bytes)
  })
  // Its other end went first: the trial is over.
  socket.on('error', () => socket.destroy())
}

async function listen(): Promise<number> {
  server = createServer((socket) => attend(socket, true))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(0, '127.0.0.1', resolve)
  await promise
  return (server.address() as { port: number }).port
}

async function drive(port: number): Promise<void> {
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(port, '127.0.0.1')
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      socket.once('connect', resolve).once('error', reject)
      await promise
      attend(socket, false)
      return socket
    }),
  )
  timer = setInterval(() => {
    for (const socket of sockets) socket.write(message)
  }, everyMs)
}

serveRequests({
  /** Gives the port on which it answers. */
  start: listen,
  /** Sends to the one that answers on this port. */
  join: drive,
  open(): void {
    taken = 0
    // Of the whole process: only for that does the kernel count up to the moment of asking.
    atOpen = process.cpuUsage()
  },
  close(): void {
    const { user, system } = process.cpuUsage(atOpen)
    seen = { count: taken, unitSeconds: taken === 0 ? 0 : (user + system) / 1e6 / taken }
  },
  report(): Yardstick {
    return seen
  },
  stop(): void {
    clearInterval(timer)
    server?.close()
  },
})
