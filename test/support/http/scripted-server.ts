import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What a truth server does with one request: bytes to send, now or at a moment, and whether it closes then. */
export interface Behaviour {
  /** Sent as latin-1; without it nothing is ever answered. */
  readonly answer?: string
  /** Milliseconds of `performance.now()`; now where there is none. */
  readonly atMs?: number
  /** Closes the connection afterwards. `reset`: by a reset, at once. */
  readonly ending?: 'close' | 'reset'
}

/** A server that does exactly what it is told, and knows what it did. */
export interface ScriptedServer extends AsyncDisposable {
  readonly url: URL
  /** Requests that came. */
  readonly requests: number
  /** Connections that came. */
  readonly connections: number
  /** Most milliseconds that this process was kept from work, so that what it did came late. */
  readonly lateMs: number
}

/** The plain answer. */
export const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Starts a server on 127.0.0.1 that does what `behaviour` says with its nth request, from 1. Passes over bodies that have no request in them. */
export async function scriptedServer(
  behaviour: (n: number, method: string) => Behaviour,
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
        perform(socket, behaviour(++requests, method))
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

/** Answers each request so many milliseconds after it came. */
export function after(milliseconds: number): () => Behaviour {
  return () => ({ answer: ok, atMs: performance.now() + milliseconds })
}

/** Does `rare` with every `every`th request, and `usual` with the others. */
export function sometimes(
  every: number,
  { rare, usual }: { readonly rare: Behaviour; readonly usual: () => Behaviour },
): (n: number) => Behaviour {
  return (n) => (n % every === 0 ? rare : usual())
}

/** Frozen for the first `frozenMs` of each `everyMs`, when nothing is answered before the end; else at once. */
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
