import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { panelQuery } from '../../docs/generate/panel-query.ts'
import { recordingRules } from '../../docs/generate/prometheus-rules.ts'
import { which } from '../../src/host/which.ts'
import { freePort } from '../../src/lab/ports.ts'
import type { PanelFigure } from '../../src/watch/panel.ts'
import { foldedRows, panels } from '../../src/watch/panels.ts'
import { startServing } from '../support/processes/serving.ts'

const run = promisify(execFile)
const dashboards = join(import.meta.dirname, '../../dashboards')

/* Prometheus is installed from Debian's packages in CI; elsewhere these tests need "apt-get install prometheus". */
describe.skipIf(which('prometheus') === undefined || which('promtool') === undefined)(
  'with Prometheus',
  () => {
    let folder: string
    let metrics = ''
    const started = new AsyncDisposableStack()
    let query: (expr: string) => Promise<[labels: Record<string, string>, value: number][]>

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
      started.defer(() => rm(folder, { recursive: true, force: true }))
      const backend = createServer((request, response) => {
        response.statusCode = request.url === '/broken' ? 500 : 200
        response.end('ok')
      }).listen(0, '127.0.0.1')
      await once(backend, 'listening')
      started.defer(() => void backend.close().closeAllConnections())
      const { port } = backend.address() as AddressInfo
      const closed = await freePort()
      const backends = [port, closed].flatMap((one) => ['--backend', `http://127.0.0.1:${one}`])
      const serving = started.use(startServing(...backends, '--admin-port', '0'))
      await serving.ready()
      const admin = `127.0.0.1:${serving.admin()}`
      query = await startPrometheus(admin)
      // Load for as long as Prometheus needs for two scrapes of everything.
      const counted = async () => (await query('sum(increase(lb_requests_total[3s]))'))[0]?.[1] ?? 0
      while ((await counted()) < 20) {
        for (const path of ['/', '/', '/', '/broken']) {
          await (await fetch(`http://127.0.0.1:${serving.port()}${path}`)).text()
        }
      }
      metrics = await (await fetch(`http://${admin}/metrics`)).text()
    })
    afterAll(() => started.disposeAsync())

    async function startPrometheus(target: string) {
      const scrape = { targets: [target] }
      const configuration = {
        global: { scrape_interval: '200ms' },
        scrape_configs: [{ job_name: 'lb', static_configs: [scrape] }],
      }
      await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(configuration))
      const listen = `127.0.0.1:${await freePort()}`
      const prometheus = spawn('prometheus', [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${listen}`,
      ])
      started.defer(async () => {
        prometheus.kill('SIGKILL')
        await once(prometheus, 'close')
      })
      for await (const text of prometheus.stderr) {
        if (String(text).includes('Server is ready to receive web requests')) break
      }
      return async (expr: string): Promise<[Record<string, string>, number][]> => {
        const url = `http://${listen}/api/v1/query?query=${encodeURIComponent(expr)}`
        const { data, error } = (await (await fetch(url)).json()) as PrometheusAnswer
        if (data === undefined) throw new Error(`${expr}: ${error}`)
        return data.result.map(({ metric, value }) => [metric, Number(value[1])])
      }
    }

    const queries = [...panels, ...foldedRows.flatMap((row) => row.panels)].flatMap((panel) =>
      panel.figures.map(({ figure }) => [panel.title, panelQuery(figure)] as const),
    )
    test.for(queries)('%s has data: %s', async ([, expr]) => {
      const filled = expr.replaceAll('$__rate_interval', '5s').replaceAll('$instance', '.+')
      const series = await query(filled)
      expect(series.length).toBeGreaterThan(0)
      expect(series.filter(([, value]) => !Number.isFinite(value))).toEqual([])
    })

    test('figures of the panels are those of the load', async () => {
      const share = panels.find(({ title }) => title.startsWith('Errors'))
        ?.figures[0] as PanelFigure
      const [errors] = await query(
        panelQuery(share.figure).replaceAll('$__rate_interval', '5s').replaceAll('$instance', '.+'),
      )
      expect(errors?.[1]).toBeGreaterThan(0.15)
      expect(errors?.[1]).toBeLessThan(0.35)
    })

    test('promtool accepts the metrics, the rules and the configuration', async () => {
      const check = run('promtool', ['check', 'metrics'])
      check.child.stdin?.end(metrics)
      expect((await check).stdout).toBe('')
      for (const kind of ['rules', 'alerts']) {
        await run('promtool', ['check', 'rules', join(dashboards, `${kind}.yml`)])
      }
      await run('promtool', ['check', 'config', join(dashboards, 'prometheus.yml')])
    })

    test('an alert fires where its condition holds, and only there', async () => {
      for (const name of ['rules', 'alerts']) {
        await cp(join(dashboards, `${name}.yml`), join(folder, `${name}.yml`))
      }
      expect(recordingRules()).toContain('instance:lb_errors:ratio_rate5m')
      await writeFile(join(folder, 'test.yml'), JSON.stringify(alertTest))
      await run('promtool', ['test', 'rules', join(folder, 'test.yml')])
    })
  },
)

/** The response of Prometheus to an instant query that yields a vector. */
interface PrometheusAnswer {
  readonly error?: string
  readonly data?: {
    readonly result: readonly {
      readonly metric: Record<string, string>
      readonly value: readonly [seconds: number, value: string]
    }[]
  }
}

/** Half of the responses of one balancer fail, and one backend is down; the other balancer is sound. */
const alertTest = {
  rule_files: ['rules.yml', 'alerts.yml'],
  evaluation_interval: '1m',
  tests: [
    {
      interval: '1m',
      input_series: [
        { series: 'lb_requests_total{instance="bad",class="2xx"}', values: '0+60x20' },
        { series: 'lb_requests_total{instance="bad",class="5xx"}', values: '0+60x20' },
        { series: 'lb_requests_total{instance="good",class="2xx"}', values: '0+60x20' },
        { series: 'lb_requests_total{instance="good",class="5xx"}', values: '0+0x20' },
        { series: 'lb_backend_up{instance="bad",backend="a:1"}', values: '0+0x20' },
        { series: 'lb_backend_up{instance="good",backend="a:1"}', values: '1+0x20' },
      ],
      promql_expr_test: [
        {
          expr: 'round(instance:lb_errors:ratio_rate5m{instance="bad"}, 0.001)',
          eval_time: '10m',
          exp_samples: [{ labels: '{instance="bad"}', value: 0.5 }],
        },
      ],
      alert_rule_test: [
        { eval_time: '10m', alertname: 'LbErrors', exp_alerts: [firing('LbErrors')] },
        { eval_time: '10m', alertname: 'LbBackendDown', exp_alerts: [firing('LbBackendDown')] },
        { eval_time: '10m', alertname: 'LbEventLoopBlocked', exp_alerts: [] },
      ],
    },
  ],
}

function firing(alert: 'LbErrors' | 'LbBackendDown') {
  const isErrors = alert === 'LbErrors'
  return {
    exp_labels: {
      instance: 'bad',
      severity: isErrors ? 'critical' : 'warning',
      ...(!isErrors && { backend: 'a:1' }),
    },
    exp_annotations: isErrors
      ? {
          summary: 'bad answers more than 1 % of its requests with a 5xx status',
          description:
            'lb_local_replies_total has the reasons of those of the balancer, lb_backend_failure_reasons_total those of the backends.',
        }
      : {
          summary: 'a:1 gets no requests from bad',
          description: '"lb backends" shows its last failure.',
        },
  }
}
