import { clfTime } from './clf-time.ts'
import type { LogFormat } from './log-format.ts'
import { withoutPort } from './without-port.ts'

/** Client, time of the first byte, frontend, backend/server, the timers TR/Tw/Tc/Tr/Ta, and the status. */
const pattern =
  /(?:^|\s)(\S+:\d+) \[([^\]]+)\] \S+ \S+\/\S+ -?\d+\/-?\d+\/-?\d+\/-?\d+\/\+?(-?\d+) -?\d+ \+?\d+ /

/** `option httplog` of HAProxy, with or without the head that syslog adds (configuration manual, 8.2.3). */
export const haproxy: LogFormat = {
  name: 'haproxy',
  time: 'arrival',
  resolutionMs: 1,
  read(line) {
    const [, client = '', time = '', total] = pattern.exec(line) ?? []
    const atMs = clfTime(time)
    if (atMs === undefined) return undefined
    // −1: the request was not complete.
    const tookMs = Math.max(0, Number(total))
    return { atMs, key: withoutPort(client), tookMs }
  },
}
