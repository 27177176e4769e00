import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { FuzzCase } from './fuzz-case.ts'

/** What a client received. */
export interface ClientView {
  /** Latin-1 bytes. */
  readonly text: string
  /** Error of the connection; data before it may be lost. */
  readonly fault: string | undefined
  /** Whether no data came for far longer than any time-out of the balancer, and the connection stayed open. */
  readonly hung: boolean
}

/** Sends a case to the balancer on `port`, and reads until the connection is closed. */
export async function sendCase(one: FuzzCase, port: number, hangMs: number): Promise<ClientView> {
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
  // Twice: after a stall of the machine this fires before the data that came meanwhile is read.
  let timeouts = 0
  socket.setTimeout(hangMs / 2, () => {
    hung = ++timeouts === 2
    if (hung) socket.destroy()
    else socket.setTimeout(hangMs / 2)
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
