import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { ClientCase } from './client-case.ts'
import { type FuzzFrame, flag, frameBytes, frameOf, kind, words } from './frames.ts'
import { type ObservedFrames, observeFrames } from './observed-frames.ts'

/** What a client received. */
export interface ClientView {
  readonly frames: ObservedFrames
  /** All bytes that it sent: those of the case, and replies. */
  readonly sent: Buffer
  /** Error of the connection; data before it may be lost. */
  readonly fault: string | undefined
  /** Whether the connection stayed open far longer than all time-outs of the balancer together. */
  readonly hung: boolean
}

/** Sends a case to the balancer on `port`, and reads until the connection is closed. */
export async function sendClientCase(
  one: ClientCase,
  port: number,
  hangMs: number,
): Promise<ClientView> {
  const { address: localAddress } = one
  const socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true })
  socket.setNoDelay(true)
  const frames = observeFrames()
  const sent: Buffer[] = []
  const write = (bytes: Buffer) => {
    if (!socket.writable || bytes.length === 0) return
    sent.push(bytes)
    socket.write(bytes)
  }
  let fault: string | undefined
  let hung = false
  // Replies wait until the bytes of the case are sent: these may be cut within a frame.
  let replies: Buffer[] | undefined = []
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('data', (bytes: Buffer) => {
    const reply = Buffer.concat(frames.take(bytes).flatMap((frame) => replyTo(frame, one)))
    if (replies !== undefined) replies.push(reply)
    else write(reply)
  })
  socket.on('end', () => socket.end())
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fault = error.code ?? error.message
  })
  // Twice: after a stall of the machine this fires before the data that came meanwhile is read.
  let timeouts = 0
  socket.setTimeout(hangMs / 2, () => {
    hung = ++timeouts === 2
    if (hung) socket.destroy()
    else socket.setTimeout(hangMs / 2)
  })
  // A peer that sends something now and then, and never ends.
  const limit = setTimeout(() => {
    hung = true
    socket.destroy()
  }, 3 * hangMs)
  await send(write, one)
  write(Buffer.concat(replies))
  replies = undefined
  if (one.ending === 'half-close') socket.end()
  else if (one.ending === 'close') socket.destroy()
  else if (one.ending === 'reset') socket.resetAndDestroy()
  await closed
  clearTimeout(limit)
  return { frames, sent: Buffer.concat(sent), fault, hung }
}

async function send(write: (bytes: Buffer) => void, { bytes, cuts }: ClientCase): Promise<void> {
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    write(bytes.subarray(from, to))
    from = to
    await turn()
  }
}

function replyTo({ kind: type, flags, stream, payload }: FuzzFrame, { replenishes }: ClientCase) {
  const isAck = (flags & flag.ack) !== 0
  if (type === kind.settings && !isAck) return [frameBytes(frameOf(kind.settings, flag.ack, 0))]
  if (type === kind.ping && !isAck) return [frameBytes(frameOf(kind.ping, flag.ack, 0, payload))]
  if (type !== kind.data || !replenishes || payload.length === 0) return []
  const update = (id: number) => frameOf(kind.windowUpdate, 0, id, words(payload.length))
  return isAck ? [frameBytes(update(0))] : [frameBytes(update(0)), frameBytes(update(stream))]
}
