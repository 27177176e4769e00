import { openSync, readSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { postTarget, type WrittenHeads, writtenHeads } from './written-heads.ts'

/*
 * Logs each POST that a balancer writes to a backend: `node --import …/log-writes-preload.ts?record=FILE`, which Node loads in
 * each worker, too. The file gets a line for each POST: its target, and whether the connection was open. On loopback, bytes
 * that are written to an open connection are in the backend's kernel at once, and the reset that they cause on a closed one is back
 * before the write returns. In HTTP/2 the connection is looked at behind the write: whatever takes time between the balancer's own
 * check and its write is time in which the backend can die.
 */
const file = new URL(import.meta.url).searchParams.get('record')
if (file === null) throw new Error('no file: add ?record=FILE')
const record = openSync(file, 'a')
const oneByte = Buffer.alloc(1)
const noBytes = Buffer.alloc(0)
const post = Buffer.from('POST ')
/** By connection: undefined where it carries HTTP/1.1, or responses. */
const http2 = new WeakMap<Socket, WrittenHeads | undefined>()

const write = Socket.prototype._write
Socket.prototype._write = function (this: Socket, chunk: Buffer, encoding, done) {
  const targets = Buffer.isBuffer(chunk) ? postsIn(this, chunk) : []
  if (targets.length === 0) {
    write.call(this, chunk, encoding, done)
    return
  }
  const isHttp1 = http2.get(this) === undefined
  const openBefore = !isHttp1 || hasNothingToRead(this)
  write.call(this, chunk, encoding, done)
  log(targets, openBefore && (isHttp1 || isWritable(this)))
}

/** The targets of the POSTs that begin in a write. */
function postsIn(socket: Socket, chunk: Buffer): string[] {
  if (!http2.has(socket)) http2.set(socket, writtenHeads(chunk))
  const heads = http2.get(socket)
  if (heads !== undefined) return heads.read(chunk).flatMap((fields) => postTarget(fields) ?? [])
  if (chunk.indexOf(post) !== 0) return []
  return [chunk.toString('latin1', post.length, chunk.indexOf(' ', post.length))]
}

function descriptorOf(socket: Socket): number {
  return (socket as unknown as { readonly _handle?: { readonly fd: number } })._handle?.fd ?? -1
}

function log(targets: readonly string[], open: boolean): void {
  for (const target of targets) writeSync(record, `${target} ${open ? 'open' : 'closed'}\n`)
}

/** Whether the connection is open: there is nothing to read. No response is due, so that only its end could be read. */
function hasNothingToRead(socket: Socket): boolean {
  try {
    readSync(descriptorOf(socket), oneByte)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN'
  }
}

/** Whether the connection was not reset: an empty write to one that was fails. */
function isWritable(socket: Socket): boolean {
  try {
    writeSync(descriptorOf(socket), noBytes)
    return true
  } catch {
    return false
  }
}
