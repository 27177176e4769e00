import { isoTime, jsonLine, numberOf, textOf } from './json-line.ts'
import type { LogFormat } from './log-format.ts'

/** The access log of Traefik (`accessLog.format: json`): start of the request, and the duration in nanoseconds. */
export const traefik: LogFormat = {
  name: 'traefik',
  time: 'arrival',
  resolutionMs: 1,
  read(line) {
    const fields = jsonLine(line)
    const key = textOf(fields?.ClientHost)
    const atMs = isoTime(fields?.StartUTC) ?? isoTime(fields?.StartLocal)
    if (key === undefined || atMs === undefined) return undefined
    const took = numberOf(fields?.Duration)
    return { atMs, key, ...(took !== undefined && { tookMs: took / 1e6 }) }
  },
}
