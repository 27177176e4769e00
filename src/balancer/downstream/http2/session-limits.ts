import type { BalancerSettings } from '../../config/config.ts'
import { fieldOverhead } from '../../http2/field-list.ts'
import { defaultLimits, type Http2Limits } from '../../http2/limits.ts'

const mebibyte = 1024 * 1024

/** Bytes of the fragment of a header block that every peer may send in one frame. */
const frameBytes = 16_384

/**
 * Limits of a client's HTTP/2 connection. A head that exceeds `limits.headBytes` or `limits.fields` by up to
 * two times reaches the reader of heads, which has a status for it; a larger one is refused as a stream. An upload of
 * 8 MiB needs no more round trips than over HTTP/1.1 but those in which its window opens; session.ts bounds the data
 * of all connections together.
 */
export function sessionLimits({ limits }: BalancerSettings): Http2Limits {
  const headerList = 2 * limits.headBytes + fieldOverhead * limits.fields
  const headerBlock = Math.max(defaultLimits.headerBlock, 2 * headerList)
  return {
    ...defaultLimits,
    headerList,
    headerBlock,
    maxStreamWindow: 8 * mebibyte,
    unread: 16 * mebibyte,
    continuations: Math.max(defaultLimits.continuations, Math.ceil(headerBlock / frameBytes)),
  }
}
