import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { serveRequests } from '../../../src/kit/rpc.ts'

/** So many clients of each kind. */
export interface CrowdSize {
  /** Connections that made one request, and are idle since. */
  readonly idle: number
  /** Clients that send the head of a request octet by octet, one a second. */
  readonly slowHeads: number
  /** Clients that ask for `/great` and read 64 KiB a second of it. */
  readonly slowReaders: number
}

/** The crowd that a balancer must bear. */
export interface CrowdOptions extends CrowdSize {
  readonly port: number
  /** Seconds over which the slow heads come: all at once they would be cut off all at once, again and again. */
  readonly spreadSeconds: number
}

/** How the crowd stands now. */
export interface CrowdCounts {
  /** Idle clients and slow readers that got the first octets of an answer; slow heads that sent their first. */
  readonly stand: CrowdSize
  /** How often connections were closed on the crowd, and opened again. */
  readonly reopened: number
}

/** What a client does on its connection; `begun` says that it stands. */
type Habit = (socket: Socket, begun: () => void) => void

const atOnce = 200
const stand = { idle: 0, slowHeads: 0, slowReaders: 0 }
let reopened = 0
let number = 0

/** Opens a connection from one of 50 addresses, and again whenever it is closed; settles when it first stands. */
function keepOpen(port: number, kind: keyof CrowdSize): Promise<void> {
  const localAddress = `127.0.2.${1 + (number++ % 50)}`
  return new Promise((resolve) => {
    const open = () => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      let stands = 0
      socket.on('connect', () =>
        habits[kind](socket, () => {
          stand[kind] += 1 - stands
          stands = 1
          resolve()
        }),
      )
      socket.on('error', () => undefined)
      socket.on('close', () => {
        stand[kind] -= stands
        reopened++
        setTimeout(open, 100)
      })
    }
    open()
  })
}

const head = `GET /slow HTTP/1.1\r\nHost: lb.test\r\nX-Slow: ${'a'.repeat(1000)}\r\n\r\n`

const habits: Readonly<Record<keyof CrowdSize, Habit>> = {
  idle(socket, begun) {
    socket.on('data', begun)
    socket.write('GET /idle HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  },
  slowHeads(socket, begun) {
    socket.resume()
    let at = 0
    const send = () => socket.write(head.charAt(at++), begun)
    send()
    const drip = setInterval(send, 1000)
    socket.on('close', () => clearInterval(drip))
  },
  slowReaders(socket, begun) {
    socket.write('GET /great HTTP/1.1\r\nHost: lb.test\r\n\r\n')
    // One read of a flowing socket brings 64 KiB at most.
    socket.on('data', () => {
      begun()
      socket.pause()
    })
    const sip = setInterval(() => socket.resume(), 1000)
    socket.on('close', () => clearInterval(sip))
  },
}

/** So many at a time as fast as they stand. */
async function rush(port: number, kind: keyof CrowdSize, count: number): Promise<void> {
  for (let n = 0; n < count; n += atOnce) {
    const now = Math.min(atOnce, count - n)
    await Promise.all(Array.from({ length: now }, () => keepOpen(port, kind)))
  }
}

/** One after the other, in so many seconds. */
async function trickle(
  port: number,
  kind: keyof CrowdSize,
  over: { readonly count: number; readonly seconds: number },
): Promise<void> {
  const coming: Promise<void>[] = []
  for (let n = 0; n < over.count; n++) {
    coming.push(keepOpen(port, kind))
    await wait((over.seconds / over.count) * 1000)
  }
  await Promise.all(coming)
}

serveRequests({
  async start({ port, spreadSeconds, ...order }: CrowdOptions): Promise<void> {
    await rush(port, 'idle', order.idle)
    await Promise.all([
      trickle(port, 'slowHeads', { count: order.slowHeads, seconds: spreadSeconds }),
      trickle(port, 'slowReaders', { count: order.slowReaders, seconds: spreadSeconds }),
    ])
  },
  counts: (): CrowdCounts => ({ stand, reopened }),
  stop(): void {
    process.exit(0)
  },
})
