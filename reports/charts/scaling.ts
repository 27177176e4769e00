import { plural } from '../../src/kit/plural.ts'
import { grouped, quantity } from '../../src/kit/units.ts'
import type { Curve, Finding, ResultDocument, Summary } from '../../src/result/document.ts'
import { uslRate } from '../../src/stats/scaling/usl.ts'
import { ink } from '../layout/palette.ts'
import { label, mark } from '../sections/rows.ts'
import { scalingTable } from '../sections/scaling.ts'
import { type Chart, chartWidth, fileName, type Layer } from './chart.ts'
import { colourOf, edges } from './shown-arms.ts'

/** A measured point of a curve. */
interface Point {
  readonly cores: number
  readonly summary: Summary
  readonly finding: Finding
}

/** Throughput over cores, one chart per curve; measured, fitted and projected values look different. */
export function scaling(document: ResultDocument): Chart[] {
  return document.curves.flatMap((curve) => {
    const points = pointsOf(document, curve)
    return points.length < 2
      ? []
      : [chart(document, { curve, points, colour: colourOf(document, curve) })]
  })
}

/** The data of one chart. */
interface Material {
  readonly curve: Curve
  readonly points: readonly Point[]
  readonly colour: string
}

function chart(document: ResultDocument, material: Material): Chart {
  const { curve, points } = material
  const { head, rows } = scalingTable(document, curve)
  const fit = curve.fit ? ' The curve is the fitted Universal Scalability Law.' : ''
  return {
    name: fileName('scaling', label(curve)),
    title: `Scaling of ${label(curve)}`,
    caption: `Full dots: measured, with the ${edges(points.map(({ summary }) => summary))}; hollow dots: not a measurement of that many cores. Triangles: not measured, but the upper bound by the CPU time per request. Dotted: linear scaling.${fit}`,
    figures: { head, rows },
    spec: {
      width: chartWidth,
      height: 280,
      autosize: { type: 'fit-x', contains: 'padding' },
      layer: [
        line('linear', linear(material), { strokeDash: [2, 3], color: ink.faint.light }),
        ...(curve.fit ? [line('fit', fitted(material), { color: material.colour })] : []),
        ...marks(material),
      ],
    },
  }
}

const across = {
  field: 'cores',
  type: 'quantitative',
  title: 'cores',
  scale: { zero: true, nice: false, padding: 12 },
  axis: { tickMinStep: 1, format: 'd', grid: false },
} as const

const up = {
  field: 'rate',
  type: 'quantitative',
  title: 'requests per second',
  scale: { zero: true },
  axis: { tickCount: 6, format: ',d' },
} as const

interface Place {
  readonly cores: number
  readonly rate: number
}

function line(name: string, values: readonly Place[], mark: object): Layer {
  return {
    name,
    data: { values: [...values] },
    mark: { type: 'line', strokeWidth: 1.8, aria: false, ...mark },
    encoding: { x: across, y: up },
  }
}

/** Dots and triangles, with their legend; the intervals behind them. */
function marks(material: Material): Layer[] {
  const values = [...measured(material), ...projected(material.curve)]
  const domain = [...new Set(values.map(({ kind }) => kind))]
  const looks = domain.map((kind) => options(kind, material.colour))
  const kinds = (range: readonly string[]) => ({
    field: 'kind',
    type: 'nominal' as const,
    scale: { domain, range: [...range] },
  })
  return [
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 1.5, aria: false },
      encoding: {
        x: across,
        y: { ...up, field: 'low' },
        y2: { field: 'high' },
        stroke: kinds(looks.map(({ stroke }) => stroke)),
      },
    },
    {
      data: { values },
      mark: { type: 'point', size: 80, strokeWidth: 2, opacity: 1 },
      encoding: {
        x: across,
        y: up,
        stroke: kinds(looks.map(({ stroke }) => stroke)),
        fill: kinds(looks.map(({ fill }) => fill)),
        shape: kinds(looks.map(({ shape }) => shape)),
        description: { field: 'text' },
      },
    },
  ]
}

type Kind = 'measured' | 'more workers than CPUs' | 'does not count' | 'projected: at most'

function options(kind: Kind, colour: string) {
  if (kind === 'measured') return { stroke: colour, fill: colour, shape: 'circle' }
  const hollow = { stroke: colour, fill: ink.paper.light }
  if (kind === 'more workers than CPUs') return { ...hollow, shape: 'circle' }
  if (kind === 'does not count') return { ...hollow, shape: 'square' }
  return { ...hollow, stroke: ink.faint.light, shape: 'triangle-down' }
}

const kindOf: Readonly<Record<Finding['validity'], Kind>> = {
  valid: 'measured',
  oversubscribed: 'more workers than CPUs',
  invalid: 'does not count',
}

function measured({ points }: Material) {
  return points.map(({ cores, summary, finding }) => ({
    ...{ cores, rate: summary.center, low: summary.low, high: summary.high },
    kind: kindOf[finding.validity],
    text: labelOf(cores, summary, finding),
  }))
}

function projected({ points }: Curve) {
  return points.flatMap(({ cores, projection }) => {
    if (projection === undefined) return []
    const { center, low, high } = projection
    const text = `${plural(cores, 'core')}, projected: at most ${quantity(center, 'req/s')}`
    return [{ cores, rate: center, low, high, kind: 'projected: at most' as const, text }]
  })
}

function labelOf(cores: number, { center, low, high, n }: Summary, finding: Finding): string {
  const bound = finding.isLowerBound ? 'at least ' : ''
  const reach = n > 1 ? `, ${grouped(low)} to ${grouped(high)}` : ''
  return `${plural(cores, 'core')}${mark(finding)}: ${bound}${quantity(center, 'req/s')}${reach}`
}

function pointsOf({ findings }: ResultDocument, curve: Curve): Point[] {
  return curve.points.flatMap(({ arm, cores }) => {
    const finding = findings.find((one) => one.arm === arm && one.phase === 'capacity')
    const summary = finding?.metrics.throughput
    return finding && summary ? [{ cores, summary, finding }] : []
  })
}

/** The fitted curve up to the largest valid core count. */
function fitted({ curve, points }: Material): Place[] {
  const { fit } = curve
  if (fit === undefined) return []
  const [lambda, sigma, kappa] = [fit.lambda, fit.sigma, fit.kappa].map(({ estimate }) => estimate)
  const law = { lambda: lambda ?? 0, sigma: sigma ?? 0, kappa: kappa ?? 0 }
  const valid = points.filter(({ finding }) => finding.validity === 'valid')
  const [from, to] = [Math.min, Math.max].map((edge) => edge(...valid.map(({ cores }) => cores)))
  const [least = 1, most = 1] = [from, to]
  return Array.from({ length: 41 }, (_, i) => least + ((most - least) * i) / 40).map((cores) => ({
    cores,
    rate: uslRate(law, cores),
  }))
}

function linear({ points }: Material): Place[] {
  const first = points.find(({ finding }) => finding.validity === 'valid') ?? points[0]
  if (first === undefined) return []
  const most = Math.max(...points.map(({ cores }) => cores))
  return [0, most].map((cores) => ({ cores, rate: (cores * first.summary.center) / first.cores }))
}
