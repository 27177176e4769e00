/** The entry of a request. */
export interface Access {
  /** When it ended, in milliseconds since 1970. */
  readonly time: number
  readonly worker: number
  readonly client: string
  readonly method: string
  readonly target: string
  /** 0 where the client closed the connection before there was one. */
  readonly status: number
  /** Bytes of the response's body that were sent. */
  readonly bytes: number
  readonly seconds: number
  /** The backend that responded; '' for a local reply. */
  readonly backend: string
  /** Code of a failure (docs/reference/failure-reasons.md); undefined where nothing failed. */
  readonly reason?: string | undefined
  /** Backends that the request was sent to. */
  readonly tries: number
  /** Of the client's connection; not in the lines of the format `json`, which has all of the others. */
  readonly protocol: string
  readonly scheme: 'http' | 'https'
  /** Values of `AccessLog.fields`; undefined for bytes that are no request. */
  readonly fields: readonly string[] | undefined
}
