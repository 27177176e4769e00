/** One request of an access log. */
export interface LogEntry {
  /** The time in the line, in milliseconds since 1970. Where the format has no time zone, as if it were UTC: only differences count. */
  readonly atMs: number
  /** Address of the client, without its port: the key of hash algorithms. */
  readonly key: string
  /** Milliseconds that the request took, if the line has them. */
  readonly tookMs?: number
}

/** A format of access logs. */
export interface LogFormat {
  readonly name: string
  /** Which moment the time of a line is: the arrival of the request, or its end. */
  readonly time: 'arrival' | 'end'
  /** Milliseconds between two times that the format can tell apart. */
  readonly resolutionMs: number
  /** The request of a line; undefined if the line is not of this format. */
  read(line: string): LogEntry | undefined
}
