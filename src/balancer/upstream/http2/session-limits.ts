import type { BalancerSettings } from '../../config/config.ts'
import { type Allowances, defaultAllowances } from '../../http2/budget.ts'
import { fieldOverhead } from '../../http2/field-list.ts'
import { defaultLimits, type Http2Limits } from '../../http2/limits.ts'

const mebibyte = 1024 * 1024
/** Bytes of the fragment of a header block that every peer may send in one frame. */
const frameBytes = 16_384
/** A backend serves the requests of many clients in one session, so it may send this many times the frames. */
const share = 10

/**
 * Limits of a session. The head of a response that exceeds `limits.headBytes` or `limits.fields` by up to two times
 * reaches the reader of heads, as one of HTTP/1.1 does; a larger one resets its stream.
 */
export function sessionLimits({ limits }: Pick<BalancerSettings, 'limits'>): Http2Limits {
  const headerList = 2 * limits.headBytes + fieldOverhead * limits.fields
  const headerBlock = Math.max(defaultLimits.headerBlock, 2 * headerList)
  return {
    ...defaultLimits,
    headerList,
    headerBlock,
    continuations: Math.max(defaultLimits.continuations, Math.ceil(headerBlock / frameBytes)),
    maxStreamWindow: mebibyte,
    unread: 16 * mebibyte,
    interim: 1000,
    allowances: multiplied(defaultAllowances),
  }
}

function multiplied(allowances: Allowances): Allowances {
  const times = ({ burst, perSecond }: Allowances['ping']) => ({
    burst: burst * share,
    perSecond: perSecond * share,
  })
  return {
    reset: times(allowances.reset),
    settings: times(allowances.settings),
    ping: times(allowances.ping),
    empty: times(allowances.empty),
    ignored: times(allowances.ignored),
    windowUpdate: times(allowances.windowUpdate),
    closedStream: times(allowances.closedStream),
  }
}
