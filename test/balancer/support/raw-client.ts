import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** A client that sends bytes and keeps all that comes back as latin-1 text. */
export interface RawClient extends AsyncDisposable {
  readonly socket: Socket
  readonly text: () => string
  send(bytes: string | Buffer): void
  /** Waits until the text matches, and gives it; fails once the connection is closed. */
  until(pattern: RegExp): Promise<string>
  /** Waits until something comes or the connection is closed, for at most so many milliseconds. */
  quiet(milliseconds: number): Promise<void>
  readonly isClosed: () => boolean
  /** What went wrong on the connection, such as a reset. */
  readonly fault: () => Error | undefined
  /** Waits until the connection is closed, and gives the text. */
  closed(): Promise<string>
}

/** A port of 127.0.0.1, or a unix socket. */
type Address = number | { readonly path: string }

export async function rawClient(at: Address): Promise<RawClient> {
  const address = typeof at === 'number' ? { port: at, host: '127.0.0.1' } : at
  const socket = connect({ ...address, allowHalfOpen: true, noDelay: true })
  const chunks: Buffer[] = []
  let isClosed = false
  const text = () => Buffer.concat(chunks).toString('latin1')
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  let fault: Error | undefined
  socket.on('error', (error) => {
    fault = error
  })
  socket.on('end', () => socket.end())
  socket.on('close', () => {
    isClosed = true
  })
  await next(socket, 'connect')
  return {
    socket,
    text,
    send: (bytes) =>
      void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    async until(pattern) {
      while (!pattern.test(text())) {
        if (isClosed) throw new Error(`closed before ${pattern} came, after: ${text()}`)
        await Promise.race([next(socket, 'data'), next(socket, 'close')])
      }
      return text()
    },
    isClosed: () => isClosed,
    fault: () => fault,
    async quiet(milliseconds) {
      const limit = new AbortController()
      const waited = wait(milliseconds, undefined, { signal: limit.signal }).catch(() => undefined)
      await Promise.race([next(socket, 'data'), next(socket, 'close'), waited])
      limit.abort()
    },
    async closed() {
      if (!isClosed) await next(socket, 'close')
      return text()
    },
    async [Symbol.asyncDispose]() {
      if (!isClosed) {
        socket.destroy()
        await next(socket, 'close')
      }
    },
  }
}

/** Sends `bytes` on a connection of its own, and gives all that came until it was closed. */
export async function exchange(at: Address, bytes: string): Promise<string> {
  await using client = await rawClient(at)
  client.send(bytes)
  return await client.closed()
}

/** The next such event. Unlike `once` of node:events it does not reject on `error`. */
function next(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve))
}
