import { openSync, readSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'

/*
 * Logs each POST that a balancer writes to a backend: `node --import …/log-writes-preload.ts?record=FILE`, which Node loads in
 * each worker, too. The file gets a line for each POST, before it is written: its target, and whether the connection
 * was open. On loopback, bytes that are written to an open connection are in the backend's kernel at once.
 */
const file = new URL(import.meta.url).searchParams.get('record')
if (file === null) throw new Error('no file: add ?record=FILE')
const record = openSync(file, 'a')
const oneByte = Buffer.alloc(1)
const post = Buffer.from('POST ')

const write = Socket.prototype._write
Socket.prototype._write = function (this: Socket, chunk: Buffer, encoding, done) {
  if (Buffer.isBuffer(chunk) && chunk.indexOf(post) === 0) logPost(this, chunk)
  write.call(this, chunk, encoding, done)
}

function logPost(socket: Socket, chunk: Buffer): void {
  const target = chunk.toString('latin1', post.length, chunk.indexOf(' ', post.length))
  const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle
  writeSync(record, `${target} ${isOpen(fd) ? 'open' : 'closed'}\n`)
}

/** Whether the connection is open: there is nothing to read. No response is due, so that only its end could be read. */
function isOpen(fd: number): boolean {
  try {
    readSync(fd, oneByte)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN'
  }
}
