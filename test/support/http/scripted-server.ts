import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The reaction of a scripted server to one request: bytes to send, when, and whether it then closes the connection. */
export interface Behaviour {
  /** The response, sent as latin-1; without it there is none. */
  readonly answer?: string
  /** When to send it, in milliseconds of `performance.now()`; at once by default. */
  readonly atMs?: number
  /** Closes the connection afterwards. `reset`: by a reset, at once. */
  readonly ending?: 'close' | 'reset'
}

/** A server of known behaviour, which counts what it did. */
export interface ScriptedServer extends AsyncDisposable {
  readonly url: URL
  /** Number of requests received. */
  readonly requests: number
  /** Number of connections accepted. */
  readonly connections: number
  /** Maximum number of milliseconds by which this process was late. */
  readonly lateMs: number
}

/** A plain response. */
export const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/**
 * Starts a server on 127.0.0.1 that reacts to its nth request, from 1, with `behaviour(n, method, text)`, where `text` is all that was
 * read with it. Request bodies must contain no request.
 */
export async function scriptedServer(
  behaviour: (n: number, method: string, text: string) => Behaviour,
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>()
  let requests = 0
  let connections = 0
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()

  const perform = (socket: Socket, behaviour: Behaviour): void => {
    const { answer, atMs = 0, ending } = behaviour
    const leftMs = atMs - performance.now()
    if (leftMs > 0) {
      setTimeout(perform, leftMs, socket, behaviour).unref()
      return
    }
    if (answer !== undefined) socket.write(answer, 'latin1')
    if (ending === 'close') socket.end()
    if (ending === 'reset') socket.resetAndDestroy()
  }
  const server = createServer({ noDelay: true }, (socket) => {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.setEncoding('latin1').on('data', (text: string) => {
      for (const [, method = ''] of text.matchAll(/([A-Z]+) \S+ HTTP\/1\.1\r\n/g)) {
        perform(socket, behaviour(++requests, method, text))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    get requests() {
      return requests
    },
    get connections() {
      return connections
    },
    get lateMs() {
      return delay.max / 1e6
    },
    async [Symbol.asyncDispose]() {
      delay.disable()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Responds to each request after so many milliseconds. */
export function after(milliseconds: number): () => Behaviour {
  return () => ({ answer: ok, atMs: performance.now() + milliseconds })
}

/** `rare` for every `every`th request, and `usual` for the others. */
export function sometimes(
  every: number,
  { rare, usual }: { readonly rare: Behaviour; readonly usual: () => Behaviour },
): (n: number) => Behaviour {
  return (n) => (n % every === 0 ? rare : usual())
}

/** Frozen for the first `frozenMs` of each `everyMs`, without a response before the end; otherwise responds at once. */
export function frozen({
  frozenMs,
  everyMs,
}: {
  frozenMs: number
  everyMs: number
}): () => Behaviour {
  const begin = performance.now()
  return () => {
    const nowMs = performance.now()
    const intoMs = (nowMs - begin) % everyMs
    return intoMs < frozenMs ? { answer: ok, atMs: nowMs - intoMs + frozenMs } : { answer: ok }
  }
}
