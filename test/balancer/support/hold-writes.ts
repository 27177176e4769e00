import type { Socket } from 'node:net'

/** Keeps what is written to a socket, as a full kernel does, until the returned function is called. */
export function holdWrites(socket: Socket): () => void {
  const held: (() => void)[] = []
  const write = socket._write.bind(socket)
  socket._write = (...parameters) => void held.push(() => write(...parameters))
  return () => {
    socket._write = write
    for (const writeNow of held.splice(0)) writeNow()
  }
}
