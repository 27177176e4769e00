import { caddy } from './caddy.ts'
import { combined } from './combined.ts'
import { envoy } from './envoy.ts'
import { haproxy } from './haproxy.ts'
import type { LogFormat } from './log-format.ts'
import { traefik } from './traefik.ts'

/** The formats of access logs. */
export const logFormats: readonly LogFormat[] = [combined, haproxy, caddy, traefik, envoy]

/** The format that reads the largest number of the lines; undefined if none reads any. */
export function formatOf(lines: readonly string[]): LogFormat | undefined {
  const counted = logFormats.map((format) => ({
    format,
    count: lines.filter((line) => format.read(line) !== undefined).length,
  }))
  const best = counted.reduce((a, b) => (b.count > a.count ? b : a))
  return best.count > 0 ? best.format : undefined
}
