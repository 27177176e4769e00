import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createHttp2Connection, type Http2Connection } from '../../../../src/http2/connection.ts'
import type { Role } from '../../../../src/http2/connection-state.ts'
import type { Http2Events } from '../../../../src/http2/events.ts'
import { defaultLimits } from '../../../../src/http2/limits.ts'

/** Events that a test does not care for do nothing. */
type SomeEvents<User> = Partial<Http2Events<User>>

/** A connection over a socket. */
export interface OverSocket<User> {
  readonly connection: Http2Connection<User>
  readonly socket: Socket
  /** Writes what a call outside of an event has brought. */
  flush(): void
}

function allEvents<User>(some: SomeEvents<User>): Http2Events<User> {
  const nothing = () => undefined
  return {
    headers: nothing,
    refused: nothing,
    data: nothing,
    trailers: nothing,
    drained: nothing,
    closed: nothing,
    settings: nothing,
    pong: nothing,
    goAway: nothing,
    finished: nothing,
    failed: nothing,
    ...some,
  }
}

/** Puts a connection on a socket: output is taken only when the socket has written what was taken before. */
function overSocket<User>(
  socket: Socket,
  role: Role,
  events: (over: () => OverSocket<User>) => SomeEvents<User>,
): OverSocket<User> {
  const all = allEvents(events(() => over))
  const connection = createHttp2Connection<User>({
    role,
    limits: defaultLimits,
    events: {
      ...all,
      finished() {
        all.finished()
        setImmediate(() => socket.end())
      },
      failed(code, reason) {
        all.failed(code, reason)
        setImmediate(() => socket.end())
      },
    },
  })
  const over: OverSocket<User> = {
    connection,
    socket,
    flush() {
      while (socket.writable && socket.writableLength === 0) {
        const bytes = connection.takeOutput()
        if (bytes.length === 0) break
        socket.write(bytes)
        if (socket.writableLength === 0) connection.outputWritten()
      }
      if (connection.wantsRead) socket.resume()
      else socket.pause()
    },
  }
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', (bytes: Buffer) => {
    connection.receive(bytes)
    over.flush()
  })
  socket.on('drain', () => over.flush())
  socket.on('close', () => connection.lost())
  over.flush()
  return over
}

/** A server of ours on a port of loopback. */
export async function ourServer(events: (over: () => OverSocket<string>) => SomeEvents<string>) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    overSocket(socket, 'server', events)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A client of ours, connected to a port of loopback. */
export async function ourClient<User>(
  port: number,
  events: (over: () => OverSocket<User>) => SomeEvents<User>,
) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const over = overSocket(socket, 'client', events)
  return {
    ...over,
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}
