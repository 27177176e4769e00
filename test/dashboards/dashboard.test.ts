import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { grafanaDashboard } from '../../docs/generate/grafana-dashboard.ts'
import { panelQuery } from '../../docs/generate/panel-query.ts'
import { alertRules, recordingRules } from '../../docs/generate/prometheus-rules.ts'
import { metricsText } from '../../src/balancer/admin/metrics-text.ts'
import { foldedRows, panels } from '../../src/watch/panels.ts'
import { backendSnapshot, snapshot } from '../balancer/support/snapshot.ts'
import { busyWorker } from './busy-worker.ts'

/** Labels of each metric that a balancer exposes, by its name. */
async function exposed(): Promise<Map<string, Set<string>>> {
  const text = await metricsText(
    snapshot({ backends: [backendSnapshot('a:1', { reasons: [1] })], workers: [busyWorker] }),
  )
  const labels = new Map<string, Set<string>>()
  for (const [, name = '', list = ''] of text.matchAll(/^(lb_\w+)(?:\{(.*)\})? /gm)) {
    const known = labels.get(name) ?? new Set(['instance', 'job'])
    for (const [, label = ''] of list.matchAll(/(\w+)="/g)) known.add(label)
    labels.set(name, known)
  }
  return labels
}

const queries = [...panels, ...foldedRows.flatMap((row) => row.panels)].flatMap((panel) =>
  panel.figures.map(({ figure }) => [panel.title, panelQuery(figure)] as const),
)
interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[]
}
const rules = [recordingRules(), alertRules()].flatMap((text) =>
  (parse(text) as Rules).groups.flatMap((group) =>
    group.rules.map(({ expr }) => ['a rule', expr] as const),
  ),
)

test.for([...queries, ...rules])('%s reads metrics that exist: %s', async ([, expr]) => {
  const metrics = await exposed()
  const read = [...expr.matchAll(/(?<![:\w])(lb_\w+)(?:\{([^}]*)\})?/g)]
  const recorded = /instance\w*:lb_/.test(expr)
  expect(read.length > 0 || recorded).toBe(true)
  for (const [, name = '', selector = ''] of read) {
    expect([name, metrics.has(name)]).toEqual([name, true])
    const selected = [...selector.matchAll(/(\w+)=~?"/g)].map(([, label]) => label)
    expect(selected.filter((label) => !metrics.get(name)?.has(label ?? ''))).toEqual([])
  }
})

test('alerts read series that are recorded', () => {
  const recorded = [...recordingRules().matchAll(/record: (\S+)/g)].map(([, name]) => name)
  const read = [...alertRules().matchAll(/\b(instance\w*:lb_[\w:]+)/g)].map(([, name]) => name)
  expect(read.length).toBeGreaterThan(0)
  expect(read.filter((name) => !recorded.includes(name))).toEqual([])
})

test('the dashboard has six panels and folded rows, names no data source, and numbers each panel and query', () => {
  const text = grafanaDashboard()
  const { panels: all } = JSON.parse(text)
  expect(all.filter(({ type }: { type: string }) => type === 'timeseries')).toHaveLength(6)
  const graphs = all.flatMap((one: { panels?: unknown[] }) => one.panels ?? [one])
  const ids = [...all, ...graphs].map(({ id }: { id: number }) => id)
  expect(new Set(ids).size).toBe(new Set([...all, ...graphs]).size)
  expect([...text.matchAll(/"uid": "(.*?)"/g)].map(([, uid]) => uid).toSorted()).toEqual([
    ...Array((text.match(/"type": "prometheus"/g) ?? []).length).fill('$datasource'),
    'lb-balancer',
  ])
  for (const { targets } of graphs) {
    const refIds = targets.map(({ refId }: { refId: string }) => refId)
    expect(refIds).toEqual(['A', 'B', 'C', 'D', 'E', 'F'].slice(0, refIds.length))
  }
})
