import type { Socket } from 'node:net'
import type { Arrivals } from './arrivals.ts'
import type { FaultState } from './fault-state.ts'
import type { Refusal, RequestHead } from './request-head.ts'
import { requestReader } from './request-reader.ts'
import { continueResponse, type Responses, refusal } from './responses.ts'
import type { Job, ServiceQueue } from './service-queue.ts'

/** Maximum bytes of pipelined requests that are buffered while one is in service. */
const maxPendingBytes = 64 * 1024
/** Milliseconds that a client has to close its side after we closed ours. */
const lingerMs = 1000

/** What the connections of one backend share. */
export interface Service {
  readonly queue: ServiceQueue
  readonly responses: Responses
  /** Draws whether a request gets a 500. */
  readonly fails: () => boolean
  readonly counts: RequestCounts
  readonly arrivals: Arrivals
  readonly faultState: FaultState
}

/** The counts of one backend; see BackendCounts. */
export interface RequestCounts {
  received: number
  answered: number
  failed: number
  aborted: number
  malformed: number
  http2: number
}

/**
 * Serves the requests of one connection in HTTP/1.1, one after another; pipelined ones wait. A client that closes its
 * side, even if only for writing, aborts the request that is not answered yet.
 *
 * @param first the bytes that it has sent so far
 */
export function serve(socket: Socket, service: Service, first: Buffer): void {
  const { queue, responses, fails, counts, arrivals, faultState } = service
  const reader = requestReader()
  let phase: 'reading' | 'in service' | 'writing' | 'closed' = 'reading'
  let request: RequestHead | undefined
  let job: Job | undefined
  let advancing = false

  const advance = (): void => {
    if (advancing) return
    advancing = true
    while (phase === 'reading') {
      const event = reader.next()
      if (event === undefined) break
      handle(event)
    }
    advancing = false
    while (socket.writableCorked > 0) socket.uncork()
    if (phase === 'reading' && socket.isPaused()) socket.resume()
  }
  const handle = (event: RequestHead | 'complete' | Refusal): void => {
    if (event === 'complete') {
      // More requests are buffered: their responses can be written together with this one.
      if (reader.pendingBytes > 0 && socket.writableCorked === 0) socket.cork()
      if (faultState.resets) reset()
      else {
        phase = 'in service'
        job = queue.enter(respond)
      }
    } else if ('status' in event) refuse(event)
    else {
      request = event
      counts.received++
      arrivals.record()
      if (event.expectsContinue && reader.pendingBytes === 0) socket.write(continueResponse)
    }
  }
  const respond = (): void => {
    if (faultState.defer(respond)) return
    const { headOnly, keepAlive } = request as RequestHead
    const failed = fails()
    if (failed) counts.failed++
    phase = 'writing'
    if (socket.write(responses.select(failed, headOnly, keepAlive))) finish()
    else socket.once('drain', finish)
  }
  const finish = (): void => {
    const { keepAlive } = request as RequestHead
    request = undefined
    counts.answered++
    if (keepAlive) {
      phase = 'reading'
      advance()
    } else close()
  }
  const refuse = (reason: Refusal): void => {
    if (request === undefined) counts.malformed++
    else abort()
    socket.write(refusal(reason))
    close()
  }
  const close = (): void => {
    phase = 'closed'
    socket.end()
    socket.setTimeout(lingerMs, () => socket.destroy())
  }
  const reset = (): void => {
    abort()
    socket.resetAndDestroy()
  }
  const abort = (): void => {
    if (request === undefined) return
    request = undefined
    faultState.drop(respond)
    counts.aborted++
    if (phase === 'in service' && job !== undefined) queue.leave(job)
    phase = 'closed'
  }

  const receive = (bytes: Buffer): void => {
    if (phase === 'closed') return
    reader.feed(bytes)
    advance()
    if (phase !== 'reading' && reader.pendingBytes > maxPendingBytes) socket.pause()
  }
  socket.on('data', receive)
  socket.on('end', () => {
    if (phase !== 'writing') abort()
  })
  socket.on('close', abort)
  receive(first)
}
