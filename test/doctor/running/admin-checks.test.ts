import { expect, test } from 'vitest'
import { examineAdmin } from '../../../src/doctor/running/admin-checks.ts'
import { readMetrics } from '../../../src/watch/read-metrics.ts'

/** Metrics of a balancer on which nothing is wrong, by line. */
const healthy: Readonly<Record<string, number>> = {
  lb_draining: 0,
  lb_panic: 0,
  lb_process_restarts_total: 0,
  'lb_backend_up{backend="a:1"}': 1,
  'lb_backend_up{backend="b:1"}': 1,
  'lb_backend_ejections_total{backend="a:1"}': 0,
  'lb_backend_failures_total{backend="a:1"}': 3,
  'lb_requests_total{backend="",class="5xx"}': 2,
  'lb_requests_total{backend="a:1",class="2xx"}': 99_998,
  'lb_local_replies_total{reason="no_backend"}': 0,
  lb_retries_total: 3,
  lb_connections_turned_away_total: 0,
  lb_refused_total: 4,
  'lb_event_loop_delay_p99_seconds{worker="0"}': 0.004,
  lb_config_last_reload_successful: 1,
  lb_access_log_dropped_total: 0,
}

function examined(changes: Readonly<Record<string, number>>) {
  const lines = Object.entries({ ...healthy, ...changes }).map(
    ([name, value]) => `${name} ${value}`,
  )
  return examineAdmin(readMetrics(lines.join('\n')), 'http://127.0.0.1:9')
}

test('a healthy balancer gives no alarm', () => {
  expect(examined({}).filter(({ state }) => state !== 'ok')).toEqual([])
})

test.for([
  ['draining', 'bad', { lb_draining: 1 }, /drains/],
  ['restarts', 'bad', { lb_process_restarts_total: 2 }, /restarted 2 times/],
  ['backends', 'bad', { 'lb_backend_up{backend="b:1"}': 0 }, /1 get requests, 1 do not \(b:1\)/],
  ['backends', 'bad', { lb_panic: 1 }, /panic/],
  ['backends', 'warn', { 'lb_backend_ejections_total{backend="a:1"}': 2 }, /2 ejections.*a:1/],
  ['backend-failures', 'warn', { 'lb_backend_failures_total{backend="a:1"}': 500 }, /0\.5 %/],
  ['backend-failures', 'bad', { 'lb_backend_failures_total{backend="a:1"}': 5000 }, /5\.0 %/],
  [
    ...(['local-replies', 'bad'] as const),
    {
      'lb_requests_total{backend="",class="5xx"}': 9000,
      'lb_local_replies_total{reason="no_backend"}': 9000,
    },
    /9000 of .*no_backend/,
  ],
  ['refused', 'bad', { lb_connections_turned_away_total: 7 }, /7 connections turned away/],
  ['loop-delay', 'warn', { 'lb_event_loop_delay_p99_seconds{worker="1"}': 0.05 }, /50\.0 ms/],
  ['loop-delay', 'bad', { 'lb_event_loop_delay_p99_seconds{worker="1"}': 0.3 }, /300 ms/],
  ['configuration', 'bad', { lb_config_last_reload_successful: 0 }, /rejected/],
  ['access-log', 'warn', { lb_access_log_dropped_total: 5 }, /5 lines lost/],
] as const)('%s is %s', ([name, state, changes, says]) => {
  const wrong = examined(changes).filter((one) => one.state !== 'ok')
  expect(wrong.map((one) => [one.name, one.state])).toEqual([[name, state]])
  expect(JSON.stringify(wrong)).toMatch(says)
})

test('a program without these metrics is unknown, never ok', () => {
  const found = examineAdmin(readMetrics('up 1'), 'http://127.0.0.1:9')
  expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['unknown']))
})
