import { stepNames } from '../../kit/steps.ts'
import type { AddSteps } from './step-memory.ts'

/** Index of each step. */
const step = Object.fromEntries(stepNames.map((name, i) => [name, i])) as Readonly<
  Record<(typeof stepNames)[number], number>
>

/**
 * The marks of the requests of one client connection, one after the other: each call says that a step has ended now, and the
 * next one begins. Times are seconds. Nothing is allocated for a request.
 */
export class StepMarks {
  readonly #add: AddSteps
  readonly #steps = new Float64Array(stepNames.length)
  #begunAt = 0
  /** When the current step began. */
  #since = 0
  /** When the backend had to wait for the client; NaN while it does not. */
  #pausedAt = Number.NaN
  /** Seconds of the pauses of the current step. */
  #paused = 0
  #isOpen = false
  /** The response is complete, and bytes of it wait for the client. */
  #isDraining = false
  #written = false
  #answered = false

  constructor(add: AddSteps) {
    this.#add = add
  }

  /** The first byte of a head came at `begunAt`, and the last one now. */
  begin(begunAt: number, now: number): void {
    if (this.#isDraining) this.taken(now)
    this.#steps.fill(0)
    this.#begunAt = Math.min(begunAt, now)
    this.#since = this.#begunAt
    this.#pausedAt = Number.NaN
    this.#paused = 0
    this.#isOpen = true
    this.#written = false
    this.#answered = false
    this.#end(step.head, now)
  }

  picked(now: number): void {
    this.#end(step.pick, now)
  }

  /** The backend failed, and another one gets the request. */
  failed(now: number): void {
    this.#steps[step.retries] =
      (this.#steps[step.retries] as number) +
      (now - this.#since) +
      (this.#steps[step.connect] as number) +
      (this.#steps[step.request] as number)
    this.#steps[step.connect] = 0
    this.#steps[step.request] = 0
    this.#since = now
    this.#written = false
  }

  connected(now: number): void {
    this.#end(step.connect, now)
  }

  /** The request has been passed on in full. */
  written(now: number): void {
    if (this.#written || this.#answered) return
    this.#written = true
    this.#end(step.request, now)
  }

  /** The head of the response came. */
  firstByte(now: number): void {
    this.written(now)
    this.#answered = true
    this.#end(step.backend, now)
  }

  /** The backend has to wait for the client, from now on; and no longer. */
  pause(now: number): void {
    if (this.#isOpen && Number.isNaN(this.#pausedAt)) this.#pausedAt = now
  }

  resume(now: number): void {
    if (Number.isNaN(this.#pausedAt)) return
    this.#paused += now - this.#pausedAt
    this.#pausedAt = Number.NaN
  }

  /** The last byte of the response came from the backend. */
  lastByte(now: number): void {
    this.resume(now)
    const paused = this.#paused
    this.#end(step.response, now)
    this.#steps[step.response] = (this.#steps[step.response] as number) - paused
    this.#steps[step.client] = paused
  }

  /** The response was written; `isTaken`: all of it to the kernel. Otherwise `taken` follows. */
  finished(now: number, isTaken: boolean): void {
    if (!this.#answered) this.drop()
    if (!this.#isOpen) return
    this.#isDraining = true
    if (isTaken) this.taken(now)
  }

  /** The client has taken the response. */
  taken(now: number): void {
    if (!this.#isDraining) return
    this.#end(step.client, now)
    this.#isDraining = false
    this.#isOpen = false
    this.#add(this.#steps, now - this.#begunAt)
  }

  /** The request does not end as a response of a backend. */
  drop(): void {
    this.#isOpen = false
    this.#isDraining = false
  }

  #end(index: number, now: number): void {
    if (!this.#isOpen) return
    this.#steps[index] = (this.#steps[index] as number) + (now - this.#since)
    this.#since = now
  }
}
