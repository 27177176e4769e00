import type { Behaviour } from './crowd-behaviour.ts'

const head = `GET /slow HTTP/1.1\r\nHost: lb.test\r\nX-Slow: ${'a'.repeat(1000)}\r\n\r\n`

/** Misbehaving clients in HTTP/1.1: idle ones and slow readers are open with the first bytes of a response, slow heads with their first byte. */
export const http1Crowd = {
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
} as const satisfies Readonly<Record<string, Behaviour>>
