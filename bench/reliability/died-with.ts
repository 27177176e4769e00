import type { Failure } from './numbered-load.ts'

/** Milliseconds within which clients notice that a process or a thread has ended, and by which clocks may differ. */
const noticeMs = 3000
const skewMs = 50

/** Whether its connection was open at `killedMs`, when its worker or its balancer was killed, and was closed at once. */
export function diedWith({ connectionMs, endedMs }: Failure, killedMs: number): boolean {
  const after = endedMs - killedMs
  return connectionMs < killedMs && after > -skewMs && after < noticeMs
}

/** Whether the second attempt, which has a connection of its own, failed too. */
export function failedAgain({ again }: Failure): boolean {
  return again !== undefined && again !== '200'
}
