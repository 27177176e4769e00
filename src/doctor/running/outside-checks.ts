import { percent, quantity } from '../../kit/units.ts'
import type { CheckOutcome, HostCheck } from '../../result/host-check.ts'
import type { OutsideFacts } from './outside-facts.ts'

/** A property of a server that shows from outside: a pure function of the facts. */
interface OutsideCheck {
  readonly name: string
  readonly title: string
  examine(facts: OutsideFacts, address: string): CheckOutcome
}

/** Seconds to the first byte above which a single request is slow, though nothing else runs. */
const slow = { warn: 0.1, bad: 1 }

const reachable: OutsideCheck = {
  name: 'reachable',
  title: 'reachable',
  examine({ first }, address) {
    if (!('error' in first)) return { state: 'ok', found: 'it responds' }
    const { error } = first
    const isTls = /CERT|SSL|TLS|SELF_SIGNED|EPROTO|ALTNAME/.test(error)
    return {
      state: 'bad',
      found: error,
      effect: 'no client gets a response',
      advice: isTls
        ? 'look at the certificate, its name and its chain'
        : 'start the server, or look at its address, its port and the firewall',
      recheck: `curl -sv ${address} -o /dev/null`,
    }
  },
}

const status: OutsideCheck = {
  name: 'status',
  title: 'status',
  examine: ({ first }, address) =>
    of(first, ({ status: code }) => {
      const found = String(code)
      if (code < 400) return { state: 'ok', found }
      return {
        state: code >= 500 ? 'bad' : 'warn',
        found,
        effect:
          code >= 500
            ? 'clients get errors: no backend, a slow one, or the server itself'
            : 'the request is refused: a measurement of it measures refusals',
        advice: 'look at the log of the server, and give the path that clients use',
        recheck: `lb load ${address} --once`,
      }
    }),
}

const keepAlive: OutsideCheck = {
  name: 'keep-alive',
  title: 'keep-alive',
  examine: ({ first, keptAlive }, address) =>
    of(first, () =>
      keptAlive
        ? { state: 'ok', found: 'the second request used the connection of the first' }
        : {
            state: 'warn',
            found: 'each request needs a connection of its own',
            effect:
              'each request costs a handshake, and a port for 60 s: CPU in the kernel, and no ports left at some hundred requests per second',
            advice:
              'switch keep-alive on for clients: keepalive_timeout of nginx, "option http-keep-alive" of HAProxy',
            recheck: `lb doctor ${address}`,
          },
    ),
}

const close: OutsideCheck = {
  name: 'connection-close',
  title: 'Connection: close',
  examine: ({ first, closes }, address) =>
    of(first, () =>
      closes
        ? { state: 'ok', found: 'the server closes after the response' }
        : {
            state: 'warn',
            found: 'the server ignores it',
            effect: 'clients that wait for the end of the connection wait for its idle time-out',
            advice: 'a server must close after that response (RFC 9112, section 9.6)',
            recheck: `lb doctor ${address}`,
          },
    ),
}

const http2: OutsideCheck = {
  name: 'http2',
  title: 'HTTP/2',
  examine: ({ first, http2: speaks }) =>
    of(first, () => ({ state: 'ok', found: speaks ? 'yes' : 'no: HTTP/1.1 only' })),
}

const firstByte: OutsideCheck = {
  name: 'first-byte',
  title: 'time to first byte',
  examine: ({ first, firstByte: times }, address) =>
    of(first, () => {
      const sorted = times.toSorted((a, b) => a - b)
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0
      const found = `${quantity(median, 's')} at the median of ${times.length}, at most ${quantity(sorted.at(-1) ?? 0, 's')}`
      if (median <= slow.warn) return { state: 'ok', found }
      return {
        state: median > slow.bad ? 'bad' : 'warn',
        found,
        effect: 'a single request takes this long, without any other load from here',
        advice: 'measure a backend directly: where it is as slow, the balancer is not the cause',
        recheck: `lb load ${address} --once`,
      }
    }),
}

const burst: OutsideCheck = {
  name: 'burst',
  title: 'connections at once',
  examine: ({ first, burst: { opened, failed } }) =>
    of(first, () => {
      const lost = Object.values(failed).reduce((sum, n) => sum + n, 0)
      const kinds = Object.entries(failed).map(([code, n]) => `${code} ${n}×`)
      const found = [`${opened - lost} of ${opened} were opened`, ...kinds].join(', ')
      if (lost === 0) return { state: 'ok', found }
      return {
        state: 'bad',
        found,
        effect: `${percent(lost / opened)} of a small burst of connections fail`,
        advice: 'look at the backlog of the server, its limit of connections and of open files',
        recheck: 'lb doctor  # on the host of the server',
      }
    }),
}

const fields: OutsideCheck = {
  name: 'fields',
  title: 'fields of the response',
  examine: ({ first }) =>
    of(first, ({ headers }) => {
      const shown = ['server', 'via', 'content-encoding', 'transfer-encoding', 'alt-svc']
      const found = shown.flatMap((name) => (headers[name] ? [`${name}: ${headers[name]}`] : []))
      return {
        state: 'ok',
        found: found.length === 0 ? 'none that names the server' : found.join(', '),
      }
    }),
}

const checks = [reachable, status, keepAlive, close, http2, firstByte, burst, fields]

/** Judges what follows from a response; without one there is nothing to judge. */
function of(
  first: OutsideFacts['first'],
  judge: (response: Exclude<OutsideFacts['first'], { error: string }>) => CheckOutcome,
): CheckOutcome {
  return 'error' in first ? { state: 'unknown', found: 'no response' } : judge(first)
}

/** All checks of a server from outside. `address` is that of proposed commands. */
export function examineOutside(facts: OutsideFacts, address: string): HostCheck[] {
  return checks.map(({ name, title, examine }) => ({ name, title, ...examine(facts, address) }))
}
