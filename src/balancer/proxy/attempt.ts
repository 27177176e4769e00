import {
  type ClientConnection,
  clientState,
  destroyConnection,
  type Exchange,
  hasInput,
  linger,
} from '../downstream/connection.ts'
import { localBody, localResponse } from '../downstream/refuse.ts'
import { count, inFlightAt, tally } from '../shared/counters.ts'
import { discard, type UpstreamConnection, upstreamState } from '../upstream/connection.ts'
import { takeIdle } from '../upstream/pool.ts'
import type { ProxyContext } from './context.ts'
import { log, measure } from './record.ts'
import { mayRetry } from './retry-budget.ts'

/** Why a backend did not answer, as the status that says so. */
export type Failure = 502 | 504

const goOn = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')

/**
 * Picks a backend for a request and counts the request in flight there, in one tick.
 *
 * @returns the row, or −1 where no backend is eligible
 */
export function pick(client: ClientConnection): number {
  const { lane, request } = client
  const { choice } = lane
  choice.key = request.key
  choice.now = lane.now()
  choice.tried = request.tried
  const row = lane.roster.claim(choice)
  request.row = row
  if (row >= 0) hold(lane, row, 1)
  return row
}

/** Keeps the worker's own share of what is in flight, to be taken back should the worker die. */
function hold({ counters, idle }: ProxyContext, row: number, more: 1 | -1): void {
  const place = inFlightAt(idle.length) + row
  counters[place] = (counters[place] as number) + more
}

/** Sends the request's image to the backend in its row: on an idle connection, or on a fresh one. */
export function send(client: ClientConnection, fresh = false): void {
  const { lane, request } = client
  const upstream = (fresh ? undefined : takeIdle(lane, request.row)) ?? lane.connect(request, fresh)
  if (upstream === undefined) {
    // The backend was removed while the request was on an idle connection of it.
    tryAnother(client, 502, false)
    return
  }
  upstream.client = client
  upstream.state = upstreamState.head
  request.upstream = upstream
  request.tries++
  if (!upstream.connected) awaitFor(client, lane.settings.timeouts.connect)
  else if (upstream.reused && !request.idempotent) lane.lookFirst(client, upstream)
  else transmit(client, upstream)
}

/** Writes the request's image to a connection that stands. */
export function transmit(client: ClientConnection, upstream: UpstreamConnection): void {
  const { lane, request } = client
  request.sentAt = lane.now()
  awaitMore(client)
  upstream.socket.write(request.image as Buffer)
  // A write that fails at once wrote nothing: it fails later where a part of it was written.
  upstream.unsent = upstream.deaf
  if (upstream.unsent) return
  tally(lane.counters, count.backends + upstream.row)
  if (client.state !== clientState.body) return
  if (request.expectsContinue) {
    request.expectsContinue = false
    client.socket.write(goOn)
  }
  client.socket.resume()
}

/** Sets the deadline of a request under way: for the client's body, or for the backend's answer. */
export function awaitMore(client: ClientConnection): void {
  const { lane, state, request } = client
  const { idle, firstByte } = lane.settings.timeouts
  const patience = state === clientState.body || request.answering ? idle : firstByte
  awaitFor(client, patience)
}

function awaitFor(client: ClientConnection, seconds: number): void {
  client.deadline = Math.min(client.lane.now() + seconds, client.request.until)
}

/** A backend failed the request before a byte of its answer came: tries another, or gives up. */
export function failed(client: ClientConnection, failure: Failure, sent: boolean): void {
  const { request } = client
  const stale = failure !== 504 && request.upstream?.reused === true
  if (!stale) recordFailure(client)
  drop(request)
  const again = !sent || (failure !== 504 && request.idempotent && request.whole)
  if (again && stale) retryFresh(client)
  else if (again) tryAnother(client, failure, sent)
  else failRequest(client, failure)
}

/** Sends the request to another backend. What no backend has seen yet is no burden: it needs no budget. */
function tryAnother(client: ClientConnection, failure: Failure, sent: boolean): void {
  const { lane, request } = client
  const affordable = !sent || request.retrying || mayRetry(lane)
  if (affordable && pickAnother(client)) {
    tally(lane.counters, count.retried)
    if (sent) holdRetry(client)
    send(client)
  } else failRequest(client, failure)
}

/** Holds against the backend what came of the request, which must still count as in flight there. */
export function recordFailure({ lane, request }: ClientConnection): void {
  lane.passive.recordFailure(request.row, lane.now())
  lane.metrics?.recordFailure(request.row)
}

/** Picks a backend that has not had the request yet, if the tries allow for one. */
function pickAnother(client: ClientConnection): boolean {
  const { lane, request } = client
  request.tried ??= new Set()
  request.tried.add(request.row)
  release(client)
  return request.tries < lane.settings.retries.tries && pick(client) >= 0
}

/** The idle connection was closed as we wrote: no fault of the backend, which gets a fresh one. */
function retryFresh(client: ClientConnection): void {
  tally(client.lane.counters, count.retried)
  client.request.tries--
  send(client, true)
}

/** Counts the request among the retries in flight until it ends. */
function holdRetry({ lane, request }: ClientConnection): void {
  if (request.retrying) return
  request.retrying = true
  tally(lane.counters, count.retrying)
}

const places = { 502: count.badGateway, 503: count.unavailable, 504: count.gatewayTimeout }

/** Answers for the backends that could not. */
export function failRequest(client: ClientConnection, failure: Failure | 503): void {
  tally(client.lane.counters, places[failure])
  replyLocally(client, failure)
}

/** Refuses a request that turned out bad after its head: its body is malformed, too large, too slow. */
export function refuseServed(client: ClientConnection, status: number): void {
  if (client.request.answering) {
    abort(client, true)
    return
  }
  tally(client.lane.counters, count.refused)
  client.request.keepAlive = false
  replyLocally(client, status)
}

/** Turns a request away whose client had too many; `fields` say when to come back. */
export function rejectRateLimited(client: ClientConnection, fields: string): void {
  tally(client.lane.counters, count.limited)
  replyLocally(client, 429, fields)
}

/** Answers a request without a backend. */
export function replyLocally(client: ClientConnection, status: number, fields?: string): void {
  const { lane, request, socket, state } = client
  drop(request)
  request.keepAlive &&= state === clientState.waiting && !lane.draining
  const { keepAlive, toHead } = request
  request.status = status
  request.answerOctets = toHead ? 0 : localBody(status).length
  socket.write(localResponse(status, { keepAlive, toHead, fields }))
  answered(client)
}

/** The answer is written in full: the connection goes on with the next request, or ends. */
export function answered(client: ClientConnection): void {
  const { lane, request, state } = client
  const now = lane.now()
  tally(lane.counters, count.answered)
  // Only now, since a backend whose answers break off in the middle must not pass for a sound one.
  if (request.answering) lane.passive.recordResponse(request.row, request.status, now)
  measure(client, now)
  log(client, now)
  finish(client)
  if (!request.keepAlive || state !== clientState.waiting) {
    linger(client)
    return
  }
  client.state = clientState.head
  client.deadline = now + lane.settings.timeouts.keepAlive
  if (hasInput(client) || client.ended) lane.next(client)
}

/** The client went away, or its answer broke off: ends the backend's work with it. */
export function abort(client: ClientConnection, reset = false): void {
  const { lane, request } = client
  if (isServing(client)) {
    tally(lane.counters, count.aborted)
    log(client, lane.now())
    drop(request)
    finish(client)
  }
  destroyConnection(client, reset)
}

/** Whether a request is under way on the connection. */
export function isServing({ state }: ClientConnection): boolean {
  return state === clientState.body || state === clientState.waiting || state === clientState.tunnel
}

/** Lets go of all that the request held. */
function finish(client: ClientConnection): void {
  const { lane, request } = client
  release(client)
  tally(lane.counters, count.active, -1)
  if (request.retrying) tally(lane.counters, count.retrying, -1)
  request.retrying = false
  request.image = undefined
  request.tried = undefined
  request.chunks = undefined
  drop(request)
}

/** Takes the request out of its backend's count, once. */
function release({ lane, request }: ClientConnection): void {
  if (request.row < 0) return
  Atomics.sub(lane.inFlight, request.row, 1)
  hold(lane, request.row, -1)
  request.row = -1
}

/** Ends the connection to the backend that the request still holds. */
function drop(request: Exchange): void {
  const { upstream } = request
  request.upstream = undefined
  if (upstream !== undefined) discard(upstream)
}

/** The backend answers: notes with what status, and tells the algorithm how long that took. */
export function firstByte({ roster, response, now }: ProxyContext, request: Exchange): void {
  const at = now()
  request.answering = true
  request.status = response.status
  request.backend = request.upstream?.id ?? ''
  roster.picker.recordLatency?.(request.row, at - request.sentAt, at)
}
