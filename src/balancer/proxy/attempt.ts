import { type Client, cut, doing, hasInput, linger, type Served } from '../downstream/connection.ts'
import { ownAnswer, ownBody } from '../downstream/refuse.ts'
import { count, heldAt, tally } from '../shared/counters.ts'
import { awaiting, discard, type Upstream } from '../upstream/connection.ts'
import { takeIdle } from '../upstream/pool.ts'
import type { Lane } from './context.ts'
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
export function pick(client: Client): number {
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
function hold({ counters, idle }: Lane, row: number, more: 1 | -1): void {
  const place = heldAt(idle.length) + row
  counters[place] = (counters[place] as number) + more
}

/** Sends the request's image to the backend in its row: on an idle connection, or on a fresh one. */
export function send(client: Client, fresh = false): void {
  const { lane, request } = client
  const upstream = (fresh ? undefined : takeIdle(lane, request.row)) ?? lane.connect(request, fresh)
  if (upstream === undefined) {
    // The backend was removed while the request was on an idle connection of it.
    tryAnother(client, 502, false)
    return
  }
  upstream.client = client
  upstream.state = awaiting.head
  request.upstream = upstream
  request.tries++
  if (!upstream.connected) awaitFor(client, lane.settings.timeouts.connect)
  else if (upstream.reused && !request.idempotent) lane.lookFirst(client, upstream)
  else transmit(client, upstream)
}

/** Writes the request's image to a connection that stands. */
export function transmit(client: Client, upstream: Upstream): void {
  const { lane, request } = client
  request.sentAt = lane.now()
  awaitMore(client)
  upstream.socket.write(request.image as Buffer)
  // A write that fails at once wrote nothing: it fails later where a part of it was written.
  upstream.unsent = upstream.deaf
  if (upstream.unsent) return
  tally(lane.counters, count.backends + upstream.row)
  if (client.state !== doing.body) return
  if (request.expectsContinue) {
    request.expectsContinue = false
    client.socket.write(goOn)
  }
  client.socket.resume()
}

/** Sets the deadline of a request under way: for the client's body, or for the backend's answer. */
export function awaitMore(client: Client): void {
  const { lane, state, request } = client
  const { idle, firstByte } = lane.settings.timeouts
  const patience = state === doing.body || request.answering ? idle : firstByte
  awaitFor(client, patience)
}

function awaitFor(client: Client, seconds: number): void {
  client.deadline = Math.min(client.lane.now() + seconds, client.request.until)
}

/** A backend failed the request before a byte of its answer came: tries another, or gives up. */
export function failed(client: Client, failure: Failure, sent: boolean): void {
  const { request } = client
  const stale = failure !== 504 && request.upstream?.reused === true
  if (!stale) blame(client)
  drop(request)
  const again = !sent || (failure !== 504 && request.idempotent && request.whole)
  if (again && stale) retryFresh(client)
  else if (again) tryAnother(client, failure, sent)
  else giveUp(client, failure)
}

/** Sends the request to another backend. What no backend has seen yet is no burden: it needs no budget. */
function tryAnother(client: Client, failure: Failure, sent: boolean): void {
  const { lane, request } = client
  const affordable = !sent || request.retrying || mayRetry(lane)
  if (affordable && pickAnother(client)) {
    tally(lane.counters, count.retried)
    if (sent) holdRetry(client)
    send(client)
  } else giveUp(client, failure)
}

/** Holds against the backend what came of the request, which must still count as in flight there. */
export function blame({ lane, request }: Client): void {
  lane.passive.failed(request.row, lane.now())
  lane.metrics?.failed(request.row)
}

/** Picks a backend that has not had the request yet, if the tries allow for one. */
function pickAnother(client: Client): boolean {
  const { lane, request } = client
  request.tried ??= new Set()
  request.tried.add(request.row)
  release(client)
  return request.tries < lane.settings.retries.tries && pick(client) >= 0
}

/** The idle connection was closed as we wrote: no fault of the backend, which gets a fresh one. */
function retryFresh(client: Client): void {
  tally(client.lane.counters, count.retried)
  client.request.tries--
  send(client, true)
}

/** Counts the request among the retries in flight until it ends. */
function holdRetry({ lane, request }: Client): void {
  if (request.retrying) return
  request.retrying = true
  tally(lane.counters, count.retrying)
}

const places = { 502: count.badGateway, 503: count.unavailable, 504: count.gatewayTimeout }

/** Answers for the backends that could not. */
export function giveUp(client: Client, failure: Failure | 503): void {
  tally(client.lane.counters, places[failure])
  answerOurselves(client, failure)
}

/** Refuses a request that turned out bad after its head: its body is malformed, too large, too slow. */
export function refuseServed(client: Client, status: number): void {
  if (client.request.answering) {
    abort(client, true)
    return
  }
  tally(client.lane.counters, count.refused)
  client.request.keepAlive = false
  answerOurselves(client, status)
}

/** Turns a request away whose client had too many; `fields` say when to come back. */
export function turnAway(client: Client, fields: string): void {
  tally(client.lane.counters, count.limited)
  answerOurselves(client, 429, fields)
}

/** Answers a request without a backend. */
export function answerOurselves(client: Client, status: number, fields?: string): void {
  const { lane, request, socket, state } = client
  drop(request)
  request.keepAlive &&= state === doing.waiting && !lane.draining
  const { keepAlive, toHead } = request
  request.status = status
  request.answerOctets = toHead ? 0 : ownBody(status).length
  socket.write(ownAnswer(status, { keepAlive, toHead, fields }))
  answered(client)
}

/** The answer is written in full: the connection goes on with the next request, or ends. */
export function answered(client: Client): void {
  const { lane, request, state } = client
  const now = lane.now()
  tally(lane.counters, count.answered)
  // Only now, since a backend whose answers break off in the middle must not pass for a sound one.
  if (request.answering) lane.passive.answered(request.row, request.status, now)
  measure(client, now)
  log(client, now)
  finish(client)
  if (!request.keepAlive || state !== doing.waiting) {
    linger(client)
    return
  }
  client.state = doing.head
  client.deadline = now + lane.settings.timeouts.keepAlive
  if (hasInput(client) || client.ended) lane.next(client)
}

/** The client went away, or its answer broke off: ends the backend's work with it. */
export function abort(client: Client, reset = false): void {
  const { lane, request } = client
  if (isServing(client)) {
    tally(lane.counters, count.aborted)
    log(client, lane.now())
    drop(request)
    finish(client)
  }
  cut(client, reset)
}

/** Whether a request is under way on the connection. */
export function isServing({ state }: Client): boolean {
  return state === doing.body || state === doing.waiting || state === doing.tunnel
}

/** Lets go of all that the request held. */
function finish(client: Client): void {
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
function release({ lane, request }: Client): void {
  if (request.row < 0) return
  Atomics.sub(lane.inFlight, request.row, 1)
  hold(lane, request.row, -1)
  request.row = -1
}

/** Ends the connection to the backend that the request still holds. */
function drop(request: Served): void {
  const { upstream } = request
  request.upstream = undefined
  if (upstream !== undefined) discard(upstream)
}

/** The backend answers: notes with what status, and tells the algorithm how long that took. */
export function firstByte({ roster, response, now }: Lane, request: Served): void {
  const at = now()
  request.answering = true
  request.status = response.status
  request.backend = request.upstream?.id ?? ''
  roster.picker.answered?.(request.row, at - request.sentAt, at)
}
