import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { readRequestHead } from '../http/request-head.ts'
import { connectionInfo } from '../http/write-request-head.ts'
import { release } from '../io/write-buffer.ts'
import { abort, isServing } from '../proxy/attempt.ts'
import type { ProxyContext } from '../proxy/context.ts'
import { relayBody } from '../proxy/request-body.ts'
import { startRequest } from '../proxy/start.ts'
import { tunnelUp } from '../proxy/tunnel.ts'
import { count, tally } from '../shared/counters.ts'
import {
  type ClientConnection,
  clientState,
  destroyConnection,
  hasInput,
  keep,
  linger,
  newClientConnection,
  used,
} from './connection.ts'
import { isPreface, whole } from './http2/preface.ts'
import { refuse } from './refuse.ts'

/** Seconds between two looks at whether a client that closed its side is still there. */
const probeEvery = 0.5
const stillAtIt = Buffer.from('HTTP/1.1 102 Processing\r\n\r\n', 'latin1')

/** Octets that a client may send ahead while its request is being answered. */
const mostAhead = 65_536

/** Seconds in which the rest of what opens HTTP/2 must follow its start: it is sent in one piece. */
const prefacePatience = 1

/** Serves one client's connection from now on. */
export function accept(
  lane: ProxyContext,
  socket: Socket,
  proto: 'http' | 'https' = 'http',
): ClientConnection {
  const { via, forwarded } = lane.settings
  const address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
  const hop = connectionInfo({ address, proto, http2: false, via, forwarded })
  const client = newClientConnection(lane, { socket, hop, late: proto === 'https' })
  enter(client, socket)
  socket.on('data', (chunk: Buffer) => receive(client, chunk))
  socket.on('end', () => onEnd(client))
  // Its client was gone before we took it: nobody is left to answer.
  if (socket.remoteAddress === undefined) destroyConnection(client)
  // It was accepted paused, so that it could be handed over before anything was read.
  else socket.resume()
  return client
}

/** Counts a client among those of its lane, and looks at what becomes of its connection or stream. */
export function enter(client: ClientConnection, source: EventEmitter): void {
  const { lane } = client
  lane.clients.add(client)
  client.deadline = lane.now() + lane.settings.timeouts.head
  source.on('drain', () => {
    release(lane.outbox, client)
    client.request.upstream?.socket.resume()
  })
  source.on('error', () => abort(client))
  source.on('close', () => abort(client))
}

/** Takes octets that a client sent. */
export function receive(client: ClientConnection, chunk: Buffer): void {
  const { state } = client
  if (state === clientState.tunnel) tunnelUp(client, chunk)
  else if (state === clientState.head) {
    startClock(client)
    keep(client, chunk)
    proceed(client)
  } else if (state === clientState.body) {
    keep(client, chunk)
    relayBody(client)
  } else if (state === clientState.waiting) {
    keep(client, chunk)
    if ((client.input as Buffer).length > mostAhead) client.socket.pause()
  }
}

/** The first octet of a head starts the time that the whole head may take. */
function startClock(client: ClientConnection): void {
  const { lane } = client
  if (!hasInput(client)) client.deadline = lane.now() + lane.settings.timeouts.head
}

/** The client closed its side: a complete request still gets its answer (RFC 9112, section 9.6). */
function onEnd(client: ClientConnection): void {
  client.ended = true
  client.probeAt = client.lane.now() + probeEvery
  if (client.state === clientState.tunnel) client.request.upstream?.socket.end()
  else if (client.state === clientState.body) abort(client)
  else if (client.state === clientState.head) proceed(client)
  else if (client.state === clientState.lingering || client.state === clientState.session)
    destroyConnection(client)
}

/** Reads requests from the client's input, until one must wait or the input is used up. */
export function proceed(client: ClientConnection): void {
  if (client.proceeding) return
  client.proceeding = true
  while (client.state === clientState.head && hasInput(client) && readRequest(client)) {}
  client.proceeding = false
  if (client.state !== clientState.head) return
  if (client.ended) linger(client)
  else if (client.socket.isPaused()) client.socket.resume()
}

/** Reads one head; gives whether it was there, so that there may be another. */
function readRequest(client: ClientConnection): boolean {
  const { lane, at } = client
  const input = client.input as Buffer
  const { limits } = lane.settings
  const end = readRequestHead(lane.request, input, at)
  const size = (end === 0 ? input.length : end) - at
  if (end >= 0 && size > limits.headBytes) return refused(client, tooLong(client))
  if (end < 0) return end === -505 ? otherVersion(client) : refused(client, -end)
  if (end === 0) return false
  const { body } = lane.request
  if (limits.bodyBytes > 0 && body.length > limits.bodyBytes) return refused(client, 413)
  used(client, end)
  startRequest(client)
  return true
}

/** Which of request line and fields is too long: RFC 9110, section 15.5.15; RFC 6585, section 5. */
function tooLong({ lane, input, at }: ClientConnection): number {
  const lineEnd = input?.indexOf('\n', at) ?? -1
  return lineEnd < 0 || lineEnd - at > lane.settings.limits.headBytes ? 414 : 431
}

/** A version that is not ours to read: HTTP/2 from its start, if that is what it is. */
function otherVersion(client: ClientConnection): false {
  const { lane, hop, input, at, request } = client
  // Over TLS it must have been agreed on: RFC 9113, section 3.3.
  const may = hop.proto === 'http' && request.startedAt === 0 && client.parent === undefined
  const seen = may ? isPreface(input as Buffer, at) : whole.no
  if (seen === whole.no) return refused(client, 505)
  if (seen === whole.yes) lane.openSession(client)
  else client.deadline = Math.min(client.deadline, lane.now() + prefacePatience)
  return false
}

/** Refuses what a client sent before it became a request. */
export function refused(client: ClientConnection, status: number): false {
  tally(client.lane.counters, count.refused)
  refuse(client, status)
  return false
}

/**
 * A client that closed its side may be waiting for its answer, or be gone: both look the same until
 * something is sent. While it waits an interim answer does no harm (RFC 9110, section 15.2), and fails
 * where the client is gone, which ends the work of the backend. In the middle of an answer nothing
 * can be slipped in: there it is held to be gone once the answer has stood still from one look to
 * the next.
 */
export function probe(client: ClientConnection): void {
  const { lane, request, state, socket, written } = client
  client.probeAt = lane.now() + probeEvery
  client.written = socket.bytesWritten
  if (state !== clientState.waiting) return
  if (!request.answering) {
    if (request.minor === 1) socket.write(stillAtIt)
  } else if (socket.writableLength === 0 && socket.bytesWritten === written) abort(client)
}

/** Nothing came in the time that it may take. */
export function overdue(
  client: ClientConnection,
  onBackend: (client: ClientConnection) => void,
): void {
  if (isServing(client)) onBackend(client)
  else if (client.state === clientState.head && hasInput(client)) refused(client, 408)
  else destroyConnection(client)
}
