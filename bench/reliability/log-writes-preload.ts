import { openSync, readSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { isEstablished } from './tcp-state.ts'
import { postTarget, type WrittenHeads, writtenHeads } from './written-heads.ts'

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
/** By connection: undefined where it carries HTTP/1.1, or responses. */
const http2 = new WeakMap<Socket, WrittenHeads | undefined>()

const write = Socket.prototype._write
Socket.prototype._write = function (this: Socket, chunk: Buffer, encoding, done) {
  if (Buffer.isBuffer(chunk)) logPosts(this, chunk)
  write.call(this, chunk, encoding, done)
}

function logPosts(socket: Socket, chunk: Buffer): void {
  if (!http2.has(socket)) http2.set(socket, writtenHeads(chunk))
  const heads = http2.get(socket)
  if (heads !== undefined) {
    const targets = heads.read(chunk).flatMap((fields) => postTarget(fields) ?? [])
    if (targets.length === 0) return
    const { localPort = 0, remotePort = 0 } = socket
    log(targets, isEstablished(localPort, remotePort))
  } else if (chunk.indexOf(post) === 0) {
    const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle
    log([chunk.toString('latin1', post.length, chunk.indexOf(' ', post.length))], isOpen(fd))
  }
}

function log(targets: readonly string[], open: boolean): void {
  for (const target of targets) writeSync(record, `${target} ${open ? 'open' : 'closed'}\n`)
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
