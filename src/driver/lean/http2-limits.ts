import { type Allowances, defaultAllowances } from '../../http2/budget.ts'
import { errorCode } from '../../http2/error-code.ts'
import { defaultLimits, type Http2Limits } from '../../http2/limits.ts'

/** A driver counts everything that a server does: no number of frames ends its connection. */
const unlimited = { burst: Number.POSITIVE_INFINITY, perSecond: 0 }

/** Limits of a connection of a driver: windows of the defaults, which each response opens again as it is read. */
export const driverLimits: Http2Limits = {
  ...defaultLimits,
  interim: 1000,
  allowances: Object.fromEntries(
    Object.keys(defaultAllowances).map((kind) => [kind, unlimited]),
  ) as unknown as Allowances,
}

const names = new Map<number, string>(
  Object.entries(errorCode).map(([name, code]) => [
    code,
    name.replaceAll(/(?=[A-Z])/g, '_').toUpperCase(),
  ]),
)

/** The name of an error code in RFC 9113, section 7: `REFUSED_STREAM`; its number where it has none. */
export function errorName(code: number): string {
  return names.get(code) ?? `code ${code}`
}
