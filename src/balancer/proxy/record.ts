import { type FailureReason, failureReasons } from '../shared/failure-reasons.ts'
import type { Exchange } from './exchange.ts'

/** Adds a request with a complete response to the metrics. It must still hold its row. */
export function measure(exchange: Exchange, now: number): void {
  const row = exchange.responseStarted ? exchange.row : -1
  const { metrics } = exchange.proxy.observe
  metrics?.recordResponse(row, exchange.status, now - exchange.startedAt)
  if (row < 0 && exchange.reason !== undefined) metrics?.recordLocalFailure(exchange.reason)
}

/** Adds a request that ended, in whatever way, to the access log, if it failed or is one of its sample. */
export function log(exchange: Exchange, now: number): void {
  const { worker, log: accessLog } = exchange.proxy.observe
  if (accessLog === undefined) return
  if (exchange.reason === undefined && !accessLog.samples()) return
  accessLog.add({
    time: Date.now(),
    worker,
    client: exchange.address,
    method: exchange.method,
    target: exchange.target,
    status: exchange.status,
    bytes: exchange.responseBytes,
    seconds: now - exchange.startedAt,
    backend: exchange.backend,
    reason: exchange.reason,
    tries: exchange.tries,
    protocol: exchange.client.info.http2 ? 'HTTP/2.0' : `HTTP/1.${exchange.minor}`,
    scheme: exchange.client.info.proto,
    fields: exchange.fields,
  })
}

/**
 * Tells passive health and metrics that the request failed at its backend, whose row it must still hold. Only
 * what a backend did counts in its health: no lookup, no lack of this host, and no fault of a client.
 */
export function recordFailure(exchange: Exchange, reason: FailureReason): void {
  const { proxy, row, upstream } = exchange
  const { balancing, observe } = proxy
  const now = proxy.now()
  const { cause } = failureReasons[reason]
  exchange.reason = reason
  if (cause === 'connection' || cause === 'exchange') {
    balancing.passive.recordFailure(row, now, cause)
  }
  observe.metrics?.recordFailure(row, reason)
  if (!balancing.notes.note(row, reason, now)) return
  const id = balancing.backends.byRow[row]?.id ?? upstream?.id
  const detail = upstream?.detail || failureReasons[reason].meaning
  process.stderr.write(`backend ${id} fails: ${reason}: ${detail}\n`)
}

/** Records the status and the time of the first byte of a backend's response, for the algorithm, too. */
export function recordFirstByte(exchange: Exchange): void {
  const { proxy } = exchange
  const now = proxy.now()
  exchange.responseStarted = true
  exchange.marks?.firstByte(now)
  exchange.status = proxy.scratch.responseHead.status
  exchange.backend = exchange.upstream?.id ?? ''
  proxy.balancing.backends.picker.recordLatency?.(exchange.row, now - exchange.sentAt, now)
}

/** Adds bytes that are no acceptable request to metrics and access log: neither method nor target can be trusted. */
export function recordRefusal(
  { proxy: { observe }, client }: Exchange,
  status: number,
  reason: FailureReason,
): void {
  observe.metrics?.recordLocalFailure(reason)
  observe.log?.add({
    time: Date.now(),
    worker: observe.worker,
    client: client.info.address,
    method: '',
    target: '',
    status,
    bytes: 0,
    seconds: 0,
    backend: '',
    reason,
    tries: 0,
    protocol: '',
    scheme: client.info.proto,
    fields: undefined,
  })
}
