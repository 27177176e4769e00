import { type Allowances, defaultAllowances } from '../../../http2/budget.ts'
import { headLimits } from '../../../http2/head-limits.ts'
import { defaultLimits, type Http2Limits } from '../../../http2/limits.ts'
import { defaultWindow } from '../../../http2/settings.ts'
import type { BalancerSettings } from '../../config/config.ts'

const mebibyte = 1024 * 1024
/** A backend serves the requests of many clients in one session, so it may send this many times the frames. */
const share = 10

/** Limits of a session with a backend. */
export function sessionLimits({ limits }: Pick<BalancerSettings, 'limits'>): Http2Limits {
  return {
    ...defaultLimits,
    ...headLimits(limits),
    // What a client that does not read makes the balancer keep of each response, as much as in HTTP/1.1: a window grows only
    // while its response is read.
    streamWindow: defaultWindow,
    maxStreamWindow: mebibyte,
    // The windows of 512 streams, before any of them grows.
    unread: 32 * mebibyte,
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
