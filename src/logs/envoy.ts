import { isoTime, jsonLine, numberOf, textOf } from './json-line.ts'
import type { LogFormat } from './log-format.ts'
import { withoutPort } from './without-port.ts'

/**
 * An access log of Envoy with `json_format` and the names of its manual and of Istio: `start_time`, `duration` (ms),
 * `downstream_remote_address`.
 */
export const envoy: LogFormat = {
  name: 'envoy',
  time: 'arrival',
  resolutionMs: 1,
  read(line) {
    const fields = jsonLine(line)
    const address =
      textOf(fields?.downstream_remote_address) ?? textOf(fields?.downstream_direct_remote_address)
    const atMs = isoTime(fields?.start_time)
    if (address === undefined || atMs === undefined) return undefined
    const tookMs = numberOf(fields?.duration)
    return { atMs, key: withoutPort(address), ...(tookMs !== undefined && { tookMs }) }
  },
}
