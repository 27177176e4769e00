import type { Socket } from 'node:net'
import { preface } from '../http2/preface.ts'
import { type Service, serve } from './connection.ts'

/**
 * Serves a connection in the protocol that its client begins with: HTTP/2 by prior knowledge (RFC 9113, section 3.3), or
 * HTTP/1.1.
 */
export function beginConnection(socket: Socket, service: Service): void {
  let begun: Buffer = Buffer.alloc(0)
  const begin = (bytes: Buffer): void => {
    begun = begun.length === 0 ? bytes : Buffer.concat([begun, bytes])
    const shown = Math.min(begun.length, preface.length)
    const isPreface = begun.compare(preface, 0, shown, 0, shown) === 0
    if (isPreface && shown < preface.length) return
    socket.off('data', begin)
    if (isPreface) void beginHttp2(socket, service, begun)
    else serve(socket, service, begun)
  }
  socket.on('data', begin)
  // After an error, such as a reset by the client, `close` follows.
  socket.on('error', () => {})
}

/** Most backends never need the codec of HTTP/2: it is loaded with the first connection that does. */
async function beginHttp2(socket: Socket, service: Service, begun: Buffer): Promise<void> {
  socket.pause()
  const { serveHttp2 } = await import('./http2-connection.ts')
  if (!socket.destroyed) serveHttp2(socket, service, begun)
}
