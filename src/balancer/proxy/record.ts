import type { ClientConnection } from '../downstream/connection.ts'

/** Tells the metrics of a request that is answered in full. It must still hold its row. */
export function measure({ lane, request }: ClientConnection, now: number): void {
  const row = request.answering ? request.row : -1
  lane.metrics?.recordResponse(row, request.status, now - request.startedAt)
}

/** Tells the access log of a request that ended, however it did. */
export function log({ lane, request, hop }: ClientConnection, now: number): void {
  lane.log?.add({
    time: Date.now(),
    worker: lane.worker,
    client: hop.address,
    method: request.method,
    target: request.target,
    status: request.status,
    bytes: request.answerOctets,
    seconds: now - request.startedAt,
    backend: request.backend,
    tries: request.tries,
  })
}
