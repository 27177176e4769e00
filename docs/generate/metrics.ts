import { metricsText } from '../../src/balancer/admin/metrics-text.ts'
import type { Snapshot } from '../../src/balancer/admin/snapshot.ts'
import { ruleNames } from '../../src/experiment/gates/gate-rule.ts'
import { metrics } from '../../src/result/metrics.ts'
import { backendSnapshot, snapshot } from '../../test/balancer/support/snapshot.ts'
import { markdownTable } from './table.ts'

/** docs/reference/metrics.md: metrics of a result document, and those that the balancer exposes to Prometheus. */
export async function metricsReference(): Promise<string> {
  const text = await metricsText(
    snapshot({
      backends: [backendSnapshot('127.0.0.1:3001', { reasons: [1] })],
      workers: [worker],
      steps: [],
    }),
  )
  return `# Metrics

## Of a result document

Findings and comparisons use these names; the [glossary](../glossary.md#metrics) says what each is, and
[gates-in-ci.md](../guide/gates-in-ci.md) how gates use them.

${markdownTable(
  ['name', 'label', 'unit', 'better', 'in gates'],
  Object.entries(metrics).map(([name, { label, unit, better }]) => [
    `\`${name}\``,
    label,
    unit,
    better === 'more' ? 'higher' : 'lower',
    ruleNames
      .filter(({ metric }) => metric === name)
      .map((rule) => `\`${rule.name}\``)
      .join(', ') || '–',
  ]),
)}

## Of the reference balancer, for Prometheus

\`npx lb serve --admin-port 18701\` exposes them at \`http://127.0.0.1:18701/metrics\`, in the text format of Prometheus.

${markdownTable(['name', 'type', 'labels', 'meaning'], prometheusRows(text))}
`
}

/** A worker that has done nothing, so that every metric of workers has a sample. */
const worker: Snapshot['workers'][number] = {
  requests: 0,
  connections: 0,
  loopDelayMedian: 0,
  loopDelayP99: 0,
  loopDelayMax: 0,
  heapBytes: 0,
  externalBytes: 0,
  cpuUser: 0,
  cpuSystem: 0,
  gcSeconds: 0,
}

function prometheusRows(text: string): string[][] {
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(
    ([, name = '', help = '', type = '']) => {
      const sample = new RegExp(`^${name}(?:_bucket)?\\{(.*)\\}`, 'm').exec(text)?.[1] ?? ''
      const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => `\`${label}\``)
      return [`\`${name}\``, type, labels.join(', ') || '–', help]
    },
  )
}
