import { fieldsOf, isoTime, jsonLine, numberOf, textOf } from './json-line.ts'
import type { LogFormat } from './log-format.ts'

/** The access log of Caddy (`log` with the JSON encoder): seconds since 1970, and the duration in seconds. */
export const caddy: LogFormat = {
  name: 'caddy',
  time: 'end',
  resolutionMs: 1,
  read(line) {
    const fields = jsonLine(line)
    const request = fieldsOf(fields?.request)
    const key = textOf(request?.client_ip) ?? textOf(request?.remote_ip)
    const seconds = numberOf(fields?.ts)
    const atMs = seconds === undefined ? isoTime(fields?.ts) : seconds * 1000
    if (key === undefined || atMs === undefined) return undefined
    const took = numberOf(fields?.duration)
    return { atMs, key, ...(took !== undefined && { tookMs: took * 1000 }) }
  },
}
