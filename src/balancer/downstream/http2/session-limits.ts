import type { BalancerSettings } from '../../config/config.ts'
import { fieldOverhead } from '../../http2/field-list.ts'
import { defaultLimits, type Http2Limits } from '../../http2/limits.ts'

/** Bytes of the fragment of a header block that every peer may send in one frame. */
const frameBytes = 16_384

/**
 * Limits of a client's HTTP/2 connection. A head that exceeds `limits.headBytes` or `limits.fields` by up to
 * two times reaches the reader of heads, which has a status for it; a larger one is refused as a stream.
 */
export function sessionLimits({ limits }: BalancerSettings): Http2Limits {
  const headerList = 2 * limits.headBytes + fieldOverhead * limits.fields
  const headerBlock = Math.max(defaultLimits.headerBlock, 2 * headerList)
  return {
    ...defaultLimits,
    headerList,
    headerBlock,
    continuations: Math.max(defaultLimits.continuations, Math.ceil(headerBlock / frameBytes)),
  }
}
