/** The parts of one response that are kept for its reader. */
export interface KeptResponse {
  /** Whether the head is kept; one that sets a cookie is kept in any case. */
  wantsHead: boolean
  wantsBody: boolean
  /** Status line and fields, with their line breaks, as latin-1. */
  head: string | undefined
  /** The body in the pieces in which it came; without its transfer coding. */
  readonly body: Buffer[]
  bodyBytes: number
}

/** Bytes of a body that are kept at most: a check of the rest fails. */
const maxBodyBytes = 16 * 2 ** 20

/** Keeps a copy of these bytes of the body. */
export function keepBody(kept: KeptResponse, bytes: Buffer, from: number, length: number): void {
  const taken = Math.min(length, maxBodyBytes - kept.bodyBytes)
  if (taken <= 0) return
  kept.body.push(Buffer.from(bytes.subarray(from, from + taken)))
  kept.bodyBytes += taken
}
