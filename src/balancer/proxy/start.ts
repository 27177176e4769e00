import { type ClientConnection, clientState } from '../downstream/connection.ts'
import { chunks } from '../http/chunks.ts'
import { framing } from '../http/framing.ts'
import type { RequestHead } from '../http/request-head.ts'
import { writeRequestHead } from '../http/write-request-head.ts'
import { count, tally } from '../shared/counters.ts'
import {
  failRequest,
  pick,
  refuseServed,
  rejectRateLimited,
  replyLocally,
  send,
} from './attempt.ts'
import type { ProxyContext } from './context.ts'
import { takeBody } from './request-body.ts'
import { targetOf } from './request-key.ts'

/** Methods that may be repeated: RFC 9110, section 9.2.2. */
const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])

/** Starts to serve the request whose head was just read: picks a backend and sends it there. */
export function startRequest(client: ClientConnection): void {
  const { lane, request } = client
  const { outbox, roster } = lane
  tally(lane.counters, count.requests)
  tally(lane.counters, count.active)
  note(client, lane.request)
  if (lane.limit?.admits(client.hop.address, request.startedAt) === false) {
    rejectRateLimited(client, lane.limit.headerFields())
    return
  }
  if (lane.request.maxForwards === 0) {
    // It was meant for us: RFC 9110, section 7.6.2.
    replyLocally(client, lane.request.method === 'OPTIONS' ? 200 : 501)
    return
  }
  if (lane.key !== undefined) takeKey(client, lane.key)
  const row = pick(client)
  if (row < 0) {
    failRequest(client, 503)
    return
  }
  outbox.length = 0
  writeRequestHead(outbox, lane.request, {
    hop: client.hop,
    fallbackHost: (roster.byRow[row] as { readonly id: string }).id,
  })
  const refusal = client.state === clientState.body ? takeBody(client, outbox) : 0
  const image = Buffer.allocUnsafe(outbox.length)
  outbox.bytes.copy(image, 0, 0, outbox.length)
  outbox.length = 0
  request.image = image
  if (refusal === 0) send(client)
  else refuseServed(client, refusal)
}

/** Takes from the head what is to be hashed. */
function takeKey(
  { lane, request, hop }: ClientConnection,
  key: NonNullable<ProxyContext['key']>,
): void {
  request.key = key(hop.address)
  if (request.key === '') tally(lane.counters, count.keyless)
}

/** Writes down what the head said, since the next head will take its place. */
function note(client: ClientConnection, head: RequestHead): void {
  const { request } = client
  const { body } = head
  request.whole = true
  request.idempotent = idempotent.has(head.method)
  request.toHead = head.method === 'HEAD'
  request.minor = head.minor
  request.keepAlive = head.keepAlive
  request.expectsContinue = head.expectsContinue && client.input === undefined
  request.acceptsTrailers = head.acceptsTrailers
  request.upgrade = head.upgrade
  request.left = body.length
  request.chunks = body.kind === framing.chunked ? chunks(head.named) : undefined
  request.bodyOctets = 0
  request.tries = 0
  const now = client.lane.now()
  request.startedAt = now
  request.until = now + (client.lane.settings.timeouts.request ?? Number.POSITIVE_INFINITY)
  request.status = 0
  request.backend = ''
  request.answerOctets = 0
  if (client.lane.log !== undefined) {
    request.method = head.method
    request.target = targetOf(head)
  }
  request.answering = false
  client.state =
    request.left === 0 && request.chunks === undefined ? clientState.waiting : clientState.body
}
