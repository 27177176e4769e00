import type { ClientConnection } from '../downstream/connection.ts'
import type { Chunks } from '../http/chunks.ts'
import { StepMarks } from '../observe/step-marks.ts'
import type { FailureReason } from '../shared/failure-reasons.ts'
import type { UpstreamConnection } from '../upstream/connection.ts'
import type { ProxyContext } from './context.ts'

/**
 * - `idle`: no request is being served.
 * - `request body`: a part of the request's body has not come from the client yet.
 * - `response`: the request has come in full, its response has not been written in full.
 * - `tunnel`: the backend changed the protocol, and bytes are passed on in both directions.
 */
type ExchangePhase = 'idle' | 'request body' | 'response' | 'tunnel'

/** A request and its response. One record per client connection: it serves one request after the other. */
export interface Exchange {
  readonly proxy: ProxyContext<Exchange>
  readonly client: ClientConnection<Exchange>
  /** Times the steps of its requests; undefined where they are not timed. */
  readonly marks: StepMarks | undefined
  phase: ExchangePhase
  /** The backend that has the request, or −1. */
  row: number
  /** The data path, and its row, in whose `inFlight` the request counts: see in-flight.ts. */
  countedBy: ProxyContext<Exchange>
  countedRow: number
  upstream: UpstreamConnection<Exchange> | undefined
  /** The request as it is sent to a backend: its head, and the part of its body that came with it, or is kept. */
  requestBytes: Buffer | undefined
  /** Nothing else was sent, so that the request can be sent again. */
  replayable: boolean
  /** May be sent twice without harm: RFC 9110, section 9.2.2. */
  idempotent: boolean
  /** The method is HEAD. */
  toHead: boolean
  /** The client's minor version of HTTP/1. */
  minor: number
  /** The client's connection goes on after the response. */
  keepAlive: boolean
  /** The client waits for a 100 (Continue), which its backend sends. */
  expectsContinue: boolean
  acceptsTrailers: boolean
  /** The protocol that the client wants to change to; '' for none. */
  upgrade: string
  /** The address of the client, which a trusted proxy may have forwarded. */
  address: string
  /** The key of hash algorithms. */
  key: string
  /** Missing bytes of a request body with a length, or the reader of one in the chunked coding. */
  left: number
  chunks: Chunks | undefined
  /** Bytes of the request's body that were read, for `limits.bodyBytes` and `limits.bodyRate`. */
  bodyBytes: number
  /** When the body without any byte is too slow, in seconds: see slow-body.ts. */
  bodyUntil: number
  /** Backends that the request was sent to, and their rows once there is a second try. */
  tries: number
  tried: Set<number> | undefined
  /** It counts among the retries in flight. */
  retrying: boolean
  /** When the entire request times out, in seconds; Infinity: never. */
  until: number
  /** When it was sent to its backend, in seconds; before that, when its connection began to open. */
  sentAt: number
  /** When its head was read, in seconds. */
  startedAt: number
  /** For the access log alone. */
  method: string
  target: string
  fields: readonly string[] | undefined
  /** Of the response; 0 before there is one. */
  status: number
  /** Why the last attempt failed, or why there is a local reply or no complete response. */
  reason: FailureReason | undefined
  /** The backend that responded; '' for a local reply. */
  backend: string
  /** Bytes of the response's body that were passed on. */
  responseBytes: number
  /** Number of interim responses (1xx). */
  interims: number
  /** The head of a final response was written to the client. */
  responseStarted: boolean
  /** The response is sent in the chunked coding. */
  chunkedResponse: boolean
}

/** The record for a client connection that has had no request yet. */
export function newExchange(
  proxy: ProxyContext<Exchange>,
  client: ClientConnection<Exchange>,
): Exchange {
  const { addSteps } = proxy.observe
  return {
    proxy,
    client,
    marks: addSteps && new StepMarks(addSteps),
    phase: 'idle',
    row: -1,
    countedBy: proxy,
    countedRow: -1,
    upstream: undefined,
    requestBytes: undefined,
    replayable: true,
    idempotent: true,
    toHead: false,
    minor: 1,
    keepAlive: true,
    expectsContinue: false,
    acceptsTrailers: false,
    upgrade: '',
    address: client.info.address,
    key: '',
    left: 0,
    chunks: undefined,
    bodyBytes: 0,
    bodyUntil: Number.POSITIVE_INFINITY,
    tries: 0,
    tried: undefined,
    retrying: false,
    until: Number.POSITIVE_INFINITY,
    sentAt: 0,
    startedAt: 0,
    method: '',
    target: '',
    fields: undefined,
    status: 0,
    reason: undefined,
    backend: '',
    responseBytes: 0,
    interims: 0,
    responseStarted: false,
    chunkedResponse: false,
  }
}
