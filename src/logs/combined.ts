import { clfTime } from './clf-time.ts'
import type { LogFormat } from './log-format.ts'

/** Address, identity, user, time, request, status, bytes, and what the log adds to them. */
const pattern = /^(\S+) \S+ [^[]*\[([^\]]+)\] "(?:[^"\\]|\\.)*" \d{3} (?:\d+|-)(.*)$/

/** `$request_time` of nginx, in seconds with three decimals: alone, or as `rt=`, `request_time=`, outside of quotes. The first one counts. */
const requestTime = /(?:^|\s)(?:rt=|request_time=)?(\d+\.\d{3})(?=[\s,]|$)/

/** Quoted fields behind the bytes: referrer and user agent, which anyone may have filled with numbers. */
const quoted = /"(?:[^"\\]|\\.)*"/g

/**
 * Common and combined log format of Apache httpd and nginx (`log_format combined`). The time is the one at which the line was
 * written, in whole seconds.
 */
export const combined: LogFormat = {
  name: 'combined',
  time: 'end',
  resolutionMs: 1000,
  read(line) {
    const [, key, time = '', rest = ''] = pattern.exec(line) ?? []
    const atMs = clfTime(time)
    if (key === undefined || atMs === undefined) return undefined
    const seconds = requestTime.exec(rest.replace(quoted, ' '))?.[1]
    return { atMs, key, ...(seconds !== undefined && { tookMs: Number(seconds) * 1000 }) }
  },
}
