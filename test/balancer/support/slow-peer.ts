import type { Socket } from 'node:net'

/** The peer of a socket, as the socket sees it. */
export interface SlowPeer {
  /** How often the socket was asked what was sent. */
  readonly asked: () => number
  /** From now on it takes nothing. */
  stop(): void
}

/**
 * Holds back what is written to `socket`, and has it report that its peer takes one byte more whenever it is asked. No real peer can
 * read that slowly: the kernel holds megabytes.
 */
export function slowPeer(socket: Socket): SlowPeer {
  socket.cork()
  let asked = 0
  let taken = 0
  let takes = true
  Object.defineProperty(socket, 'bytesWritten', {
    configurable: true,
    get() {
      asked++
      if (takes) taken++
      return taken + socket.writableLength
    },
  })
  return {
    asked: () => asked,
    stop() {
      takes = false
    },
  }
}
