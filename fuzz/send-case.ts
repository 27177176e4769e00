import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { FuzzCase } from './fuzz-case.ts'

/** What a client saw. */
export interface ClientView {
  /** Latin-1 bytes. */
  readonly text: string
  /** The connection failed: what came before that may be lost. */
  readonly fault: string | undefined
  /** Nothing came for far longer than the balancer may wait for anything, and it was not closed. */
  readonly hung: boolean
}

/** Plays a case against the balancer on `port`, until the connection is closed. */
export async function sendCase(
  one: FuzzCase,
  port: number,
  patienceMs: number,
): Promise<ClientView> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    localAddress: one.address,
    allowHalfOpen: true,
    noDelay: true,
  })
  const chunks: Buffer[] = []
  let fault: string | undefined
  let hung = false
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('end', () => socket.end())
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fault = error.code ?? error.message
  })
  // Twice: where the machine stood still, this fires before what came meanwhile is read.
  let silences = 0
  socket.setTimeout(patienceMs / 2, () => {
    hung = ++silences === 2
    if (hung) socket.destroy()
    else socket.setTimeout(patienceMs / 2)
  })
  await send(socket, one)
  await closed
  return { text: Buffer.concat(chunks).toString('latin1'), fault, hung }
}

async function send(socket: Socket, { raw, cuts, ending }: FuzzCase): Promise<void> {
  const bytes = Buffer.from(raw, 'latin1')
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    if (socket.destroyed) return
    socket.write(bytes.subarray(from, to))
    from = to
    await turn()
  }
  if (ending === 'half-close') socket.end()
  else if (ending === 'close') socket.destroy()
  else if (ending === 'reset') socket.resetAndDestroy()
}
