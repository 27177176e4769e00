import { headLimits } from '../../../http2/head-limits.ts'
import { defaultLimits, type Http2Limits } from '../../../http2/limits.ts'
import type { BalancerSettings } from '../../config/config.ts'

const mebibyte = 1024 * 1024

/**
 * Limits of a client's HTTP/2 connection. An upload of 8 MiB needs no more round trips than over HTTP/1.1 but those in
 * which its window opens; session.ts bounds the data of all connections together.
 */
export function sessionLimits({ limits }: BalancerSettings): Http2Limits {
  return {
    ...defaultLimits,
    ...headLimits(limits),
    maxStreamWindow: 8 * mebibyte,
    unread: 16 * mebibyte,
  }
}
