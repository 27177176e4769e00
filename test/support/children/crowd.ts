import { connect, type Socket } from 'node:net'
import { answerParent } from '../../../src/kit/child.ts'

/** So many clients that a balancer must bear. */
export interface CrowdOrder {
  readonly port: number
  /** Connections that made one request, and are idle since. */
  readonly idle: number
  /** Clients that send the head of a request octet by octet, one a second. */
  readonly slowHeads: number
  /** Clients that ask for `/great` and read 64 KiB a second of it. */
  readonly slowReaders: number
}

/** How often connections were closed on the crowd, and opened again. */
export interface CrowdCounts {
  readonly reopened: number
}

const atOnce = 200
let reopened = 0
let number = 0

/** Opens a connection from one of 50 addresses, and again whenever it is closed; settles when it stands. */
function keepOpen(port: number, begin: (socket: Socket) => void): Promise<void> {
  const localAddress = `127.0.2.${1 + (number++ % 50)}`
  return new Promise((resolve) => {
    const open = () => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      socket.on('connect', () => {
        begin(socket)
        resolve()
      })
      socket.on('error', () => undefined)
      socket.on('close', () => {
        reopened++
        setTimeout(open, 100)
      })
    }
    open()
  })
}

function idle(socket: Socket): void {
  socket.resume()
  socket.write('GET /idle HTTP/1.1\r\nHost: lb.test\r\n\r\n')
}

const head = `GET /slow HTTP/1.1\r\nHost: lb.test\r\nX-Slow: ${'a'.repeat(1000)}\r\n\r\n`

function slowHead(socket: Socket): void {
  socket.resume()
  let at = 0
  const drip = setInterval(() => socket.write(head.charAt(at++)), 1000)
  socket.on('close', () => clearInterval(drip))
}

function slowReader(socket: Socket): void {
  socket.write('GET /great HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  socket.pause()
  // One read of a flowing socket brings 64 KiB at most.
  socket.on('data', () => socket.pause())
  const sip = setInterval(() => socket.resume(), 1000)
  socket.on('close', () => clearInterval(sip))
}

async function gather(port: number, count: number, begin: (socket: Socket) => void): Promise<void> {
  for (let n = 0; n < count; n += atOnce) {
    const now = Math.min(atOnce, count - n)
    await Promise.all(Array.from({ length: now }, () => keepOpen(port, begin)))
  }
}

answerParent({
  async start(order: CrowdOrder): Promise<void> {
    await gather(order.port, order.idle, idle)
    await gather(order.port, order.slowHeads, slowHead)
    await gather(order.port, order.slowReaders, slowReader)
  },
  counts: (): CrowdCounts => ({ reopened }),
  stop(): void {
    process.exit(0)
  },
})
