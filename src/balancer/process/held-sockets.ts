import type { SocketHandle } from './parent-messages.ts'

/**
 * Listening sockets that outlive the process that listens on them. This process never accepts on them: while no other
 * one does, connections wait in the queue of the kernel.
 */
export interface HeldSockets {
  hold(name: string, socket: SocketHandle): void
  /** The socket of that name; it stays held. */
  take(name: string): SocketHandle | undefined
  /** Closes the sockets that were neither held nor taken since the last call: nobody listens on them any more. */
  closeUnused(): void
  closeAll(): void
}

/** Holds none at first. */
export function heldSockets(): HeldSockets {
  const sockets = new Map<string, SocketHandle>()
  const used = new Set<string>()
  return {
    hold(name, socket) {
      sockets.get(name)?.close()
      sockets.set(name, socket)
      used.add(name)
    },
    take(name) {
      used.add(name)
      return sockets.get(name)
    },
    closeUnused() {
      for (const [name, socket] of sockets) {
        if (used.has(name)) continue
        socket.close()
        sockets.delete(name)
      }
      used.clear()
    },
    closeAll() {
      for (const socket of sockets.values()) socket.close()
      sockets.clear()
    },
  }
}
