import { Socket, type SocketConstructorOpts } from 'node:net'

/** Memory that all clients of a worker read into, one after the other; by the setting `limits.readBuffer`. */
let memory = memoryOf(65_536)
/** Memory of earlier settings, which connections of that time read into. */
const earlier = new Set<ArrayBufferLike>()

/** It is a part of a larger one: memory of a read of its own would be released after it (io/release-read.ts). */
function memoryOf(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes + 8).subarray(0, bytes)
}

/** The memory for reads of so many bytes. */
function sharedMemory(bytes: number): Buffer {
  if (memory.length !== bytes) {
    earlier.add(memory.buffer)
    memory = memoryOf(bytes)
  }
  return memory
}

/** Node's object behind a socket. */
interface WithHandle {
  _handle: object | null
}

/**
 * Moves an accepted connection to a socket that reads into memory shared with all others, which saves an allocation, a copy
 * and a stream's work for each read. Node has that for sockets that it connects (`onread`), and for none that it
 * accepts, so that the socket is made again around its handle: the one thing here that Node does not document. Where there is no
 * handle, undefined: the socket is as it was.
 *
 * @param readBytes bytes that one read takes at most
 * @param received called with the bytes of a read, which are overwritten after the call
 */
export function sharingReads(
  socket: Socket,
  readBytes: number,
  received: (bytes: Buffer) => void,
): Socket | undefined {
  const accepted = socket as unknown as WithHandle
  const handle = accepted._handle
  if (handle === null || handle === undefined) return undefined
  accepted._handle = null
  const buffer = sharedMemory(readBytes)
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer,
      callback: (size: number) => {
        received(buffer.subarray(0, size))
        return true
      },
    },
  }
  return new Socket(options as SocketConstructorOpts)
}

/** Whether the bytes are in the shared memory, so that the next read overwrites them. */
export function isShared({ buffer }: Buffer): boolean {
  return buffer === memory.buffer || earlier.has(buffer)
}
