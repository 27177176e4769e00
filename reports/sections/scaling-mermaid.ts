import type { Curve, ResultDocument } from '../../src/result/document.ts'
import { label } from './rows.ts'

/**
 * Throughput over cores as a Mermaid `xychart-beta`, which code hosts draw by themselves: valid points
 * only, since its bars cannot be marked. Undefined where there are fewer than two.
 */
export function scalingChart(document: ResultDocument, curve: Curve): string | undefined {
  const points = curve.points.flatMap(({ arm, cores }) => {
    const finding = document.findings.find(
      (one) => one.arm === arm && one.phase === 'capacity' && one.validity === 'valid',
    )
    const throughput = finding?.metrics.throughput
    return throughput ? [{ cores, throughput: Math.round(throughput.center) }] : []
  })
  if (points.length < 2) return undefined
  const top = Math.ceil(Math.max(...points.map(({ throughput }) => throughput)) / 1000) * 1000
  return [
    'xychart-beta',
    `    title "${text(label(curve))}: throughput over cores"`,
    `    x-axis "cores" [${points.map(({ cores }) => cores).join(', ')}]`,
    `    y-axis "req/s" 0 --> ${top}`,
    `    bar [${points.map(({ throughput }) => throughput).join(', ')}]`,
  ].join('\n')
}

/** Mermaid has no escape for a quote inside a quoted text, and reads directives between `%%` anywhere. */
function text(name: string): string {
  return name.replaceAll('"', "'").replaceAll('%%', '%')
}
