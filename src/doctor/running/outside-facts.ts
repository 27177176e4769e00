/** What a server shows to a client. Times in seconds; a probe that failed is its error code. */
export interface OutsideFacts {
  /** The first response; without it the other probes were not made. */
  readonly first:
    | {
        readonly status: number
        readonly headers: Readonly<Record<string, string>>
      }
    | { readonly error: string }
  /** Times to the first byte of requests one after the other, on one connection where the server keeps it. */
  readonly firstByte: readonly number[]
  /** Whether the second request used the connection of the first. */
  readonly keptAlive: boolean
  /** Whether the server closed the connection after a request with `Connection: close`. */
  readonly closes: boolean
  readonly http2: boolean
  /** Connections that were opened at once, and of these the ones that failed, by error code. */
  readonly burst: { readonly opened: number; readonly failed: Readonly<Record<string, number>> }
}
