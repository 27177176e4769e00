/** One request of a client. */
export interface NumberedRequest {
  readonly port: number
  readonly path: string
  readonly method: string
}

/** The outcome of one attempt of a request. */
export interface Attempt {
  /** The status of the complete response, or the error code. */
  readonly outcome: string
  /** Whether its connection had carried a request before. */
  readonly reused: boolean
  /** Whether bytes of a response had been received. */
  readonly responseBegun: boolean
  /** Whether the server has said that it did not process the request: HTTP/2, RFC 9113, section 8.7. */
  readonly unprocessed: boolean
  /** When its connection was opened, in milliseconds since 1970. */
  readonly connectionMs: number
  /** When the attempt ended, in milliseconds since 1970. */
  readonly endedMs: number
}

/** Clients that keep connections open, and attempt requests on them. */
export interface Clients {
  /** Attempts a request once. `fresh`: on a connection of its own. Never rejects. */
  attempt(request: NumberedRequest, fresh: boolean): Promise<Attempt>
  /** Closes all connections. */
  close(): void
}

/** Time-out of a request, milliseconds. */
export const timeoutMs = 20_000

/** The body of each POST. */
export const postBody = 'a body'

/** The current time in milliseconds since 1970, comparable between processes of this machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}

/**
 * Whether a client may repeat a request by itself: the server has not processed it, or its method is idempotent, and its
 * connection, which had carried others, was closed before the first byte of the response. RFC 9110, section 9.2.2; RFC 9112,
 * section 9.3.1; RFC 9113, section 8.7.
 */
export function mayRepeat(method: string, attempt: Attempt): boolean {
  const { outcome, reused, responseBegun, unprocessed } = attempt
  const closed = outcome === 'ECONNRESET' || outcome === 'EPIPE'
  return unprocessed || (method === 'GET' && closed && reused && !responseBegun)
}
