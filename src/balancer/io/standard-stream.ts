import { fstatSync, write } from 'node:fs'
import { promisify } from 'node:util'

/** A file of a log that is open: a FileHandle, or a standard stream of this process. */
export interface LogFile {
  readonly fd: number
  write(bytes: Buffer, from: number): Promise<{ readonly bytesWritten: number }>
  close(): Promise<void>
}

const descriptors: ReadonlyMap<string, number> = new Map([
  ['/dev/stdout', 1],
  ['/dev/stderr', 2],
])

const writeTo = promisify(write)

/**
 * Standard output or error as a file, where it is a socket, as under systemd: Linux opens no socket by its path. Undefined for
 * other paths, and where the stream is something else, which is to be opened, with a mode of its own. It stays open when it is closed.
 */
export function standardStream(path: string): LogFile | undefined {
  const fd = descriptors.get(path)
  if (fd === undefined || !isSocket(fd)) return undefined
  return { fd, write: (bytes, from) => writeTo(fd, bytes, from), close: async () => undefined }
}

function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket()
  } catch {
    // It was closed before the start.
    return false
  }
}
