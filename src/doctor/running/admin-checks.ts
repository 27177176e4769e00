import { percent, quantity } from '../../kit/units.ts'
import type { CheckOutcome, HostCheck } from '../../result/host-check.ts'
import type { Samples } from '../../watch/read-metrics.ts'

/** A property of the reference balancer that its metrics show: a pure function of one reading. */
interface AdminCheck {
  readonly name: string
  readonly title: string
  /** Metrics without which it cannot be judged. */
  readonly needs: readonly string[]
  examine(reading: Reading, address: string): CheckOutcome
}

/** Values of a reading. */
interface Reading {
  sum(metric: string, ...labels: readonly (readonly [name: string, value: RegExp])[]): number
  max(metric: string): number
  /** Labels of the samples of a metric that are above 0, or equal to `value`. */
  named(metric: string, label: string, value?: number): string[]
}

const restarts: AdminCheck = {
  name: 'restarts',
  title: 'restarts',
  needs: ['lb_process_restarts_total'],
  examine({ sum }, address) {
    const count = sum('lb_process_restarts_total')
    if (count === 0) return { state: 'ok', found: 'none' }
    return {
      state: 'bad',
      found: `the process was restarted ${count} times`,
      effect: 'requests in flight at each crash were lost, and all counts began at 0',
      advice: 'read the log of lb serve: each end has its reason',
      recheck: `lb watch ${address}`,
    }
  },
}

const backends: AdminCheck = {
  name: 'backends',
  title: 'backends',
  needs: ['lb_backend_up'],
  examine({ sum, named }, address) {
    const down = named('lb_backend_up', 'backend', 0)
    const panic = sum('lb_panic') > 0
    const ejections = sum('lb_backend_ejections_total')
    const found = `${sum('lb_backend_up')} get requests, ${down.length} do not${down.length > 0 ? ` (${down.join(', ')})` : ''}; ${ejections} ejections so far`
    const recheck = `curl -s ${address}/backends`
    if (panic || down.length > 0) {
      return {
        state: 'bad',
        found,
        effect: panic
          ? 'health is ignored because too few backends are healthy (panic): failing backends get requests'
          : 'the others take their load',
        advice: 'look at these backends: their failures by reason are in the output of the command',
        recheck,
      }
    }
    if (ejections === 0) return { state: 'ok', found }
    const by = named('lb_backend_ejections_total', 'backend').join(', ')
    const effect = `backends failed and came back: ${by}`
    return { state: 'warn', found, effect, advice: 'look at their logs', recheck }
  },
}

/** Fraction of the requests that failed at backends, above which they disturb, and disturb badly. */
const failures = { warn: 0.001, bad: 0.01 }

const retries: AdminCheck = {
  name: 'backend-failures',
  title: 'failures and retries',
  needs: ['lb_backend_failures_total', 'lb_requests_total'],
  examine({ sum }, address) {
    const requests = sum('lb_requests_total')
    const [failed, again] = [sum('lb_backend_failures_total'), sum('lb_retries_total')]
    const share = failed / Math.max(1, requests)
    const found = `${failed} of ${requests} requests failed at a backend, ${again} were tried again`
    if (share <= failures.warn) return { state: 'ok', found }
    return {
      state: share > failures.bad ? 'bad' : 'warn',
      found,
      effect: `${percent(share)} of the requests meet a failing backend; retries hide some and add latency to all of them`,
      advice: 'failures by reason and backend say which: lb_backend_failure_reasons_total',
      recheck: `lb watch ${address}`,
    }
  },
}

const replies: AdminCheck = {
  name: 'local-replies',
  title: 'errors of the balancer',
  needs: ['lb_local_replies_total', 'lb_requests_total'],
  examine({ sum, named }, address) {
    const requests = sum('lb_requests_total')
    const errors = sum('lb_requests_total', ['backend', /^$/], ['class', /^5xx$/])
    const found = `${errors} of ${requests} responses are 5xx that the balancer made itself`
    const share = errors / Math.max(1, requests)
    if (share <= failures.warn) return { state: 'ok', found }
    return {
      state: share > failures.bad ? 'bad' : 'warn',
      found,
      effect: `clients get errors, by reason: ${named('lb_local_replies_total', 'reason').join(', ')}`,
      advice: 'docs/reference/failure-reasons.md has the cause of each reason',
      recheck: `lb watch ${address}`,
    }
  },
}

const refused: AdminCheck = {
  name: 'refused',
  title: 'refused connections and requests',
  needs: ['lb_connections_turned_away_total', 'lb_refused_total'],
  examine({ sum }, address) {
    const [turned, malformed] = [sum('lb_connections_turned_away_total'), sum('lb_refused_total')]
    const found = `${turned} connections turned away, ${malformed} requests refused`
    if (turned === 0) return { state: 'ok', found }
    return {
      state: 'bad',
      found,
      effect: 'clients are turned away: limits.connections were open',
      advice: 'raise limits.connections, or find the client that holds connections',
      recheck: `lb watch ${address}`,
    }
  },
}

/** Seconds of the delay of an event loop at p99 that are much, and too much. */
const delays = { warn: 0.02, bad: 0.1 }

const loopDelay: AdminCheck = {
  name: 'loop-delay',
  title: 'event-loop delay',
  needs: ['lb_event_loop_delay_p99_seconds'],
  examine({ max }, address) {
    const delay = max('lb_event_loop_delay_p99_seconds')
    const found = `${quantity(delay, 's')} at p99 in the worst worker`
    if (delay <= delays.warn) return { state: 'ok', found }
    return {
      state: delay > delays.bad ? 'bad' : 'warn',
      found,
      effect:
        'every request of that worker waits as long: too much work, garbage collection, or no CPU',
      advice: 'more workers, or look where its time goes',
      recheck: `lb watch ${address}`,
    }
  },
}

const configuration: AdminCheck = {
  name: 'configuration',
  title: 'configuration',
  needs: ['lb_config_last_reload_successful'],
  examine({ sum }, address) {
    if (sum('lb_config_last_reload_successful') === 1)
      return { state: 'ok', found: 'as it was read last' }
    return {
      state: 'bad',
      found: 'the configuration that was read last was rejected',
      effect: 'an older configuration is in force: changes of the file have no effect',
      advice: 'the mistake is in the log, and in the field "configuration" of the output',
      recheck: `curl -s ${address}/healthz`,
    }
  },
}

const accessLog: AdminCheck = {
  name: 'access-log',
  title: 'access log',
  needs: ['lb_access_log_dropped_total'],
  examine({ sum }, address) {
    const lost = sum('lb_access_log_dropped_total')
    if (lost === 0) return { state: 'ok', found: 'no line lost' }
    return {
      state: 'warn',
      found: `${lost} lines lost`,
      effect: 'the log is incomplete: disk full or slow, or no process reads the pipe',
      advice: 'free the disk, or log less',
      recheck: `lb watch ${address}`,
    }
  },
}

const draining: AdminCheck = {
  name: 'draining',
  title: 'draining',
  needs: ['lb_draining'],
  examine({ sum }, address) {
    if (sum('lb_draining') === 0) return { state: 'ok', found: 'no' }
    return {
      state: 'bad',
      found: 'it drains to stop',
      effect: 'it accepts no more connections: clients are refused',
      advice: 'send clients to another balancer; a signal began the drain',
      recheck: `curl -s ${address}/healthz`,
    }
  },
}

const checks = [
  ...[draining, restarts, backends, retries, replies, refused],
  ...[loopDelay, configuration, accessLog],
]

function readingOf(samples: Samples): Reading {
  const all = (metric: string) => samples.get(metric) ?? []
  return {
    sum: (metric, ...labels) =>
      all(metric)
        .filter((sample) => labels.every(([name, value]) => value.test(sample.labels[name] ?? '')))
        .reduce((sum, { value }) => sum + value, 0),
    max: (metric) => Math.max(0, ...all(metric).map(({ value }) => value)),
    named: (metric, label, equal) =>
      all(metric)
        .filter(({ value }) => (equal === undefined ? value > 0 : value === equal))
        .map(({ labels }) => labels[label] ?? ''),
  }
}

/** All checks of the metrics of a balancer. `address` is that of its admin port. */
export function examineAdmin(samples: Samples, address: string): HostCheck[] {
  const reading = readingOf(samples)
  return checks.map(({ name, title, needs, examine }): HostCheck => {
    const missing = needs.find((metric) => !samples.has(metric))
    return missing === undefined
      ? { name, title, ...examine(reading, address) }
      : { name, title, state: 'unknown', found: `no metric ${missing}` }
  })
}
