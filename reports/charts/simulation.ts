import { percent, quantity, rounded } from '../../src/kit/units.ts'
import type { SimulationDocument, SimulationMap } from '../../src/result/simulation.ts'
import { ink, series } from '../layout/palette.ts'
import { armAxis } from './arm-axis.ts'
import type { Chart } from './chart.ts'

/** The charts of a simulation: its map, or the p99 of each algorithm. */
export function simulationCharts(document: SimulationDocument): Chart[] {
  return document.map === undefined ? p99Chart(document) : [mapChart(document.map)]
}

/** Estimates with intervals, the lowest first. */
export function p99Chart({
  result,
  rankings,
}: Pick<SimulationDocument, 'result' | 'rankings'>): Chart[] {
  const rows = (result?.algorithms ?? [])
    .flatMap(({ name, metrics }) => (metrics === undefined ? [] : [{ name, ...metrics.p99 }]))
    .toSorted((a, b) => a.center - b.center)
    .map(({ name, center, low, high }) => ({
      ...{ name, center: center * 1e3, low: Math.max(0, low) * 1e3, high: high * 1e3 },
      text: `${name}: ${quantity(center, 's')}, ${quantity(low, 's')} to ${quantity(high, 's')}`,
    }))
  const [first] = rows
  if (first === undefined) return []
  const asGood = rankings[0]?.asGood ?? []
  return [
    {
      name: 'simulated-p99',
      title: 'p99, simulated',
      topic: 'latency',
      finding:
        `Lowest: ${first.name}. ${asGood.length > 1 ? `Not shown to be worse: ${asGood.slice(1).join(', ')}.` : ''}`.trim(),
      caption: 'Time from arrival to response. Line: 95 % interval over the replications.',
      pointer: 'rows',
      figures: {
        head: ['algorithm', 'p99 (ms)', 'from', 'to'],
        rows: rows.map(({ name, center, low, high }) => [
          name,
          ...[center, low, high].map(rounded),
        ]),
      },
      spec: (width) => {
        const y = armAxis(
          rows.map(({ name }) => name),
          width,
        )
        const x = {
          field: 'center',
          type: 'quantitative',
          title: 'milliseconds',
          scale: { type: 'log', nice: false },
        } as const
        const colour = series[0]?.light ?? ink.text.light
        return {
          width,
          height: rows.length * 26,
          autosize: { type: 'fit-x', contains: 'padding' },
          data: { values: rows },
          layer: [
            {
              mark: { type: 'rule', strokeWidth: 5, opacity: 0.35, aria: false, color: colour },
              encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
            },
            {
              mark: { type: 'point', filled: true, size: 90, color: colour },
              encoding: { x, y, description: { field: 'text' } },
            },
          ],
        }
      },
    },
  ]
}

/** What cells without a best algorithm are named. */
const noDifference = 'no difference'

/** A cell for each load and heterogeneity, in the colour of its best algorithm. */
function mapChart(map: SimulationMap): Chart {
  const cells = map.cells.map(({ load, heterogeneity, best, asGood, isNoDifference, values }) => ({
    load: percent(load),
    heterogeneity: `${rounded(heterogeneity)} ×`,
    best: isNoDifference ? noDifference : best,
    text: `load ${percent(load)}, slowest ${rounded(heterogeneity)} ×: ${
      isNoDifference ? noDifference : `${best}, ${quantity(values[best] ?? 0, 's')}`
    }; not shown to be worse: ${asGood.join(', ')}`,
  }))
  const names = [...new Set(cells.map(({ best }) => best))]
    .filter((name) => name !== noDifference)
    .toSorted()
  const colours = names.map((_, i) => series[i % series.length]?.light ?? ink.text.light)
  const same = cells.filter(({ best }) => best === noDifference).length
  return {
    name: 'simulated-map',
    title: `Lowest ${map.metric} by load and heterogeneity, simulated`,
    topic: 'result',
    finding: `${names.join(', ') || 'No algorithm'} lead; in ${same} of ${cells.length} cells there is no difference.`,
    caption:
      'Across: rate as a fraction of the capacity. Down: how many times slower the slowest backend is. Grey: no algorithm is shown to be worse than the best.',
    pointer: 'rows',
    figures: {
      head: ['load', 'slowest', 'best'],
      rows: cells.map(({ load, heterogeneity, best }) => [load, heterogeneity, best]),
    },
    spec: (width) => ({
      width,
      height: map.heterogeneities.length * 44,
      autosize: { type: 'fit-x', contains: 'padding' },
      data: { values: cells },
      mark: { type: 'rect', stroke: ink.paper.light, strokeWidth: 2 },
      encoding: {
        x: {
          ...{ field: 'load', type: 'ordinal', title: 'load' },
          sort: map.loads.map(percent),
          axis: { labelAngle: 0 },
        },
        y: {
          ...{ field: 'heterogeneity', type: 'ordinal', title: 'slowest backend' },
          sort: map.heterogeneities.map((one) => `${rounded(one)} ×`),
        },
        fill: {
          field: 'best',
          type: 'nominal',
          scale: { domain: [...names, noDifference], range: [...colours, ink.grid.light] },
        },
        description: { field: 'text' },
      },
    }),
  }
}
