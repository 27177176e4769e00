import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { serveRequests } from '../../src/kit/rpc.ts'

/** Number of misbehaving clients of each kind. */
export interface CrowdSize {
  /** Connections that are idle after one request. */
  readonly idle: number
  /** Clients that send the head of a request at one byte per second. */
  readonly slowHeads: number
  /** Clients that request `/large` and read the response at 64 KiB per second. */
  readonly slowReaders: number
}

/** Options of the crowd. */
export interface CrowdOptions extends CrowdSize {
  readonly port: number
  /** Seconds over which the slow heads start: started at once, they would all time out at once, again and again. */
  readonly spreadSeconds: number
}

/** The current state of the crowd. */
export interface CrowdCounts {
  /** Open connections: idle clients and slow readers that received the first bytes of a response; slow heads that sent their first byte. */
  readonly open: CrowdSize
  /** Number of connections that were closed by the balancer, and opened again. */
  readonly reopened: number
}

/** The behaviour of a client on its connection; it calls `begun` once the connection counts as open. */
type Behaviour = (socket: Socket, begun: () => void) => void

/** Maximum number of connections that are opened at the same time. */
const maxOpening = 200
const openConnections = { idle: 0, slowHeads: 0, slowReaders: 0 }
let reopened = 0
let clients = 0

/** Opens a connection from one of 50 addresses, and again whenever it is closed; settles when it is first open. */
function keepOpen(port: number, kind: keyof CrowdSize): Promise<void> {
  const localAddress = `127.0.2.${1 + (clients++ % 50)}`
  return new Promise((resolve) => {
    const connectAgain = () => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      let counted = 0
      socket.on('connect', () =>
        behaviours[kind](socket, () => {
          openConnections[kind] += 1 - counted
          counted = 1
          resolve()
        }),
      )
      socket.on('error', () => undefined)
      socket.on('close', () => {
        openConnections[kind] -= counted
        reopened++
        setTimeout(connectAgain, 100)
      })
    }
    connectAgain()
  })
}

const head = `GET /slow HTTP/1.1\r\nHost: lb.test\r\nX-Slow: ${'a'.repeat(1000)}\r\n\r\n`

const behaviours: Readonly<Record<keyof CrowdSize, Behaviour>> = {
  idle(socket, begun) {
    socket.on('data', begun)
    socket.write('GET /idle HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  },
  slowHeads(socket, begun) {
    socket.resume()
    let at = 0
    const send = () => socket.write(head.charAt(at++), begun)
    send()
    const timer = setInterval(send, 1000)
    socket.on('close', () => clearInterval(timer))
  },
  slowReaders(socket, begun) {
    socket.write('GET /large HTTP/1.1\r\nHost: lb.test\r\n\r\n')
    // One read of a flowing socket returns at most 64 KiB.
    socket.on('data', () => {
      begun()
      socket.pause()
    })
    const timer = setInterval(() => socket.resume(), 1000)
    socket.on('close', () => clearInterval(timer))
  },
}

/** Opens connections as fast as possible, at most `maxOpening` at a time. */
async function openFast(port: number, kind: keyof CrowdSize, count: number): Promise<void> {
  for (let n = 0; n < count; n += maxOpening) {
    const now = Math.min(maxOpening, count - n)
    await Promise.all(Array.from({ length: now }, () => keepOpen(port, kind)))
  }
}

/** Opens connections one after the other, evenly over so many seconds. */
async function openSpread(
  port: number,
  kind: keyof CrowdSize,
  over: { readonly count: number; readonly seconds: number },
): Promise<void> {
  const opening: Promise<void>[] = []
  for (let n = 0; n < over.count; n++) {
    opening.push(keepOpen(port, kind))
    await wait((over.seconds / over.count) * 1000)
  }
  await Promise.all(opening)
}

serveRequests({
  async start({ port, spreadSeconds, ...size }: CrowdOptions): Promise<void> {
    await openFast(port, 'idle', size.idle)
    await Promise.all([
      openSpread(port, 'slowHeads', { count: size.slowHeads, seconds: spreadSeconds }),
      openSpread(port, 'slowReaders', { count: size.slowReaders, seconds: spreadSeconds }),
    ])
  },
  counts: (): CrowdCounts => ({ open: openConnections, reopened }),
  stop(): void {
    process.exit(0)
  },
})
