import { fieldOverhead } from './field-list.ts'
import { defaultMaxFrameSize } from './frame-type.ts'
import { defaultLimits, type Http2Limits } from './limits.ts'

/**
 * Limits of a connection for heads. A head that exceeds `headBytes` or `fields` by up to two times reaches the reader of
 * heads, which has a status for it; a larger one ends its stream.
 */
export function headLimits({
  headBytes,
  fields,
}: {
  readonly headBytes: number
  readonly fields: number
}): Pick<Http2Limits, 'headerList' | 'headerBlock' | 'continuations'> {
  const headerList = 2 * headBytes + fieldOverhead * fields
  const headerBlock = Math.max(defaultLimits.headerBlock, 2 * headerList)
  const frames = Math.ceil(headerBlock / defaultMaxFrameSize)
  const continuations = Math.max(defaultLimits.continuations, frames)
  return { headerList, headerBlock, continuations }
}
