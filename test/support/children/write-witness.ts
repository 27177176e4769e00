import { openSync, readSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'

/*
 * Watches a balancer write POSTs to backends: `node --import …/write-witness.ts?record=FILE`, which Node loads in
 * each worker, too. The file gets a line for each POST, before it is written: its target, and whether the
 * connection stood then. What is written to one that stands is with the backend's kernel at once, on loopback.
 */
const file = new URL(import.meta.url).searchParams.get('record')
if (file === null) throw new Error('which file? Add ?record=FILE')
const record = openSync(file, 'a')
const octet = Buffer.alloc(1)
const post = Buffer.from('POST ')

const write = Socket.prototype._write
Socket.prototype._write = function (this: Socket, chunk: Buffer, encoding, done) {
  if (Buffer.isBuffer(chunk) && chunk.indexOf(post) === 0) witness(this, chunk)
  write.call(this, chunk, encoding, done)
}

function witness(socket: Socket, chunk: Buffer): void {
  const target = chunk.toString('latin1', post.length, chunk.indexOf(' ', post.length))
  const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle
  writeSync(record, `${target} ${stands(fd) ? 'stood' : 'gone'}\n`)
}

/** Whether nothing came yet that ends the connection. Nothing else may have come either: no answer is due. */
function stands(fd: number): boolean {
  try {
    readSync(fd, octet)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN'
  }
}
