import type { Socket } from 'node:net'
import type { Arrivals } from './arrivals.ts'
import type { FaultState } from './fault-state.ts'
import type { Refusal, RequestHead } from './request-head.ts'
import { requestReader } from './request-reader.ts'
import { goOn, type Responses, refusal } from './responses.ts'
import type { Job, ServiceQueue } from './service-queue.ts'

/** Bytes of pipelined requests that are held while one is worked on; then the client has to wait. */
const mostHeld = 64 * 1024
/** Milliseconds that a client has to close its side once we closed ours. */
const lingerMs = 1000

/** What the connections of one backend share. */
export interface Service {
  readonly station: ServiceQueue
  readonly answers: Responses
  /** Whether this request is one to answer with 500. */
  readonly fails: () => boolean
  readonly counts: Tally
  readonly arrivals: Arrivals
  readonly condition: FaultState
}

/** What the connections of one backend count; see BackendCounts. */
export interface Tally {
  received: number
  answered: number
  failed: number
  aborted: number
  malformed: number
}

/**
 * Answers the requests of one connection, one after another; pipelined ones wait their turn. A client
 * that closes its side, even only that, gives up the request that is not answered yet.
 */
export function serve(socket: Socket, service: Service): void {
  const { station, answers, fails, counts, arrivals, condition } = service
  const reader = requestReader()
  let phase: 'reading' | 'working' | 'writing' | 'over' = 'reading'
  let request: RequestHead | undefined
  let visit: Job | undefined
  let looping = false

  const advance = (): void => {
    if (looping) return
    looping = true
    while (phase === 'reading') {
      const found = reader.next()
      if (found === undefined) break
      take(found)
    }
    looping = false
    while (socket.writableCorked > 0) socket.uncork()
    if (phase === 'reading' && socket.isPaused()) socket.resume()
  }
  const take = (found: RequestHead | 'complete' | Refusal): void => {
    if (found === 'complete') {
      // More is there already: then its answer can go with this one.
      if (reader.held > 0 && socket.writableCorked === 0) socket.cork()
      if (condition.resets) reset()
      else {
        phase = 'working'
        visit = station.enter(answer)
      }
    } else if ('status' in found) refuse(found)
    else {
      request = found
      counts.received++
      arrivals.note()
      if (found.waits && reader.held === 0) socket.write(goOn)
    }
  }
  const answer = (): void => {
    if (condition.holds(answer)) return
    const { headOnly, keepAlive } = request as RequestHead
    const failed = fails()
    if (failed) counts.failed++
    phase = 'writing'
    if (socket.write(answers.answer(failed, headOnly, keepAlive))) answered()
    else socket.once('drain', answered)
  }
  const answered = (): void => {
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
    else giveUp()
    socket.write(refusal(reason))
    close()
  }
  const close = (): void => {
    phase = 'over'
    socket.end()
    socket.setTimeout(lingerMs, () => socket.destroy())
  }
  const reset = (): void => {
    giveUp()
    socket.resetAndDestroy()
  }
  const giveUp = (): void => {
    if (request === undefined) return
    request = undefined
    condition.drop(answer)
    counts.aborted++
    if (phase === 'working' && visit !== undefined) station.leave(visit)
    phase = 'over'
  }

  socket.on('data', (bytes: Buffer) => {
    if (phase === 'over') return
    reader.feed(bytes)
    advance()
    if (phase !== 'reading' && reader.held > mostHeld) socket.pause()
  })
  socket.on('end', () => {
    if (phase !== 'writing') giveUp()
  })
  socket.on('close', giveUp)
  // A reset is a client that goes away: `close` follows.
  socket.on('error', () => {})
}
