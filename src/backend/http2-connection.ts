import type { Socket } from 'node:net'
import { createHttp2Connection } from '../http2/connection.ts'
import type { Http2Events } from '../http2/events.ts'
import { fieldKind } from '../http2/field-kind.ts'
import { hasName, hasValue } from '../http2/field-list.ts'
import type { Http2Head } from '../http2/head-check.ts'
import { defaultLimits, type Http2Limits } from '../http2/limits.ts'
import type { Http2Stream } from '../http2/stream.ts'
import { unlimitedAllowances } from '../http2/unlimited-allowances.ts'
import type { Service } from './connection.ts'
import { http2Responses } from './http2-responses.ts'
import type { Job } from './service-queue.ts'

/** A request on a stream. */
interface Exchange {
  readonly respond: () => void
  /** Set once the request is complete. */
  job: Job | undefined
}

/** A load must not end a connection by the number of its frames. */
const limits: Http2Limits = { ...defaultLimits, allowances: unlimitedAllowances }

const headMethod = Buffer.from('HEAD', 'latin1')
const expectName = Buffer.from('expect', 'latin1')
const expectValue = Buffer.from('100-continue', 'latin1')

/**
 * Serves the requests of one connection in HTTP/2, each on its stream: by the same queue, with the same faults and counts as
 * in HTTP/1.1. A stream that its client resets, and every stream of a connection that is lost, aborts its request.
 *
 * @param first the bytes that it has sent so far, from the preface on
 */
export function serveHttp2(socket: Socket, service: Service, first: Buffer): void {
  const { queue, fails, counts, arrivals, faultState } = service
  const { body } = service.responses
  const heads = http2Responses(service.responses)
  /** Received bytes are processed: all that they cause is written together. */
  let reading = false
  let scheduled = false
  /** The socket is closed once all is written; it is closed. */
  let ending = false
  let lost = false

  const open = (stream: Http2Stream<Exchange>, headOnly: boolean): Exchange => {
    const respond = (): void => {
      if (faultState.defer(respond)) return
      const failed = fails()
      if (failed) counts.failed++
      const isEmpty = headOnly || body.length === 0
      http2.sendHeaders(stream, failed ? heads.failed : heads.ok, isEmpty)
      if (!isEmpty) http2.sendData(stream, body, true)
      scheduleFlush()
    }
    return { respond, job: undefined }
  }
  const complete = (exchange: Exchange | undefined): void => {
    if (exchange === undefined) return
    if (faultState.resets) reset()
    else exchange.job = queue.enter(exchange.respond)
  }
  const events: Http2Events<Exchange> = {
    headers(stream, head, end) {
      counts.received++
      arrivals.record()
      const exchange = open(stream, isHead(head))
      stream.user = exchange
      if (end) complete(exchange)
      else if (expectsContinue(head)) http2.sendHeaders(stream, heads.continue, false)
    },
    refused() {
      counts.malformed++
    },
    data(stream, bytes, end) {
      http2.consume(stream, bytes.length)
      if (end) complete(stream.user)
    },
    trailers: ({ user }) => complete(user),
    drained() {},
    closed({ user, ending: how }) {
      if (user === undefined) return
      if (how === 'complete') {
        counts.answered++
        counts.http2++
        return
      }
      counts.aborted++
      faultState.drop(user.respond)
      if (user.job !== undefined) queue.leave(user.job)
    },
    settings() {},
    pong() {},
    goAway() {},
    finished() {
      ending = true
      scheduleFlush()
    },
    failed() {
      counts.malformed++
      ending = true
      scheduleFlush()
    },
  }
  const http2 = createHttp2Connection<Exchange>({ role: 'server', limits, events })

  /** Writes the output, as long as the socket takes it at once; the rest follows when it was written. */
  const writeOutput = (): void => {
    while (socket.writableLength === 0) {
      const bytes = http2.takeOutput()
      if (bytes.length === 0) return
      socket.write(bytes, written)
      if (socket.writableLength === 0) http2.outputWritten()
    }
  }
  const flush = (): void => {
    scheduled = false
    if (lost) return
    writeOutput()
    if (ending && socket.writableLength === 0) socket.destroySoon()
    else if (!http2.wantsRead) socket.pause()
    else if (socket.isPaused()) socket.resume()
  }
  /** Responses whose service ends at the same time are written together. */
  const scheduleFlush = (): void => {
    if (reading || scheduled) return
    scheduled = true
    setImmediate(flush)
  }
  const written = (): void => {
    if (lost || socket.writableLength > 0) return
    http2.outputWritten()
    flush()
  }
  const receive = (bytes: Buffer): void => {
    reading = true
    http2.receive(bytes)
    reading = false
    flush()
  }
  const lose = (): void => {
    if (lost) return
    lost = true
    http2.lost()
  }
  const reset = (): void => {
    lose()
    socket.resetAndDestroy()
  }

  socket.on('data', receive)
  socket.on('end', lose)
  socket.on('close', lose)
  receive(first)
}

function isHead({ fields, index }: Http2Head): boolean {
  return hasValue(fields, index[fieldKind.method] as number, headMethod)
}

function expectsContinue({ fields }: Http2Head): boolean {
  for (let at = 0; at < fields.count; at++) {
    if (hasName(fields, at, expectName)) return hasValue(fields, at, expectValue)
  }
  return false
}
