import { errorCode } from '../../http2/error-code.ts'
import { defaultLimits, type Http2Limits } from '../../http2/limits.ts'
import { unlimitedAllowances } from '../../http2/unlimited-allowances.ts'

/**
 * Limits of a connection of a driver, which counts everything that a server does: windows of the defaults, which each
 * response opens again as it is read.
 */
export const driverLimits: Http2Limits = {
  ...defaultLimits,
  interim: 1000,
  allowances: unlimitedAllowances,
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
