import { plural } from '../../src/kit/plural.ts'
import { grouped, quantity, rounded } from '../../src/kit/units.ts'
import type { Curve, Finding, ResultDocument, Summary } from '../../src/result/document.ts'
import { uslRate } from '../../src/stats/scaling/usl.ts'
import { ink } from '../layout/palette.ts'
import { label, mark } from '../sections/rows.ts'
import { scalingTable } from '../sections/scaling.ts'
import { type Chart, fileName, type Layer } from './chart.ts'
import { colourOf, edges } from './shown-arms.ts'

/** A measured point of a curve. */
interface Point {
  readonly cores: number
  readonly summary: Summary
  readonly finding: Finding
}

/** Throughput over cores, one chart per curve, scaled by what was measured; a projection is a note, since it is none. */
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
    topic: 'result',
    finding: grown(material),
    caption: `Full dots: measured, with the ${edges(points.map(({ summary }) => summary))}; hollow dots: not a measurement of that many cores. Dotted: linear scaling.${fit}${projection(curve)}`,
    pointer: 'columns',
    figures: { head, rows },
    spec: (width) => ({
      width,
      height: 240,
      autosize: { type: 'fit-x', contains: 'padding' },
      layer: [
        line('linear', linear(material), axes(material), {
          ...{ strokeDash: [2, 3], color: ink.faint.light, clip: true },
        }),
        ...(curve.fit
          ? [line('fit', fitted(material), axes(material), { color: material.colour, clip: true })]
          : []),
        ...marks(material),
      ],
    }),
  }
}

/** From the fewest to the most cores that were measured, in a sentence. */
function grown({ points }: Material): string {
  const valid = points.filter(({ finding }) => finding.validity === 'valid')
  const ends = [valid[0], valid.at(-1)].flatMap((one) => one ?? [])
  const words = ends.map(({ cores, summary, finding }) => labelOf(cores, summary, finding))
  return `${[...new Set(words.map((text) => text.replace(/, [\d,]+ to [\d,]+$/, '')))].join('; ')}.`
}

/** The upper bounds by CPU time per request, as a sentence behind the caption. */
function projection({ points }: Curve): string {
  const found = points.flatMap(({ cores, projection: upper }) =>
    upper === undefined ? [] : [`${plural(cores, 'core')} at most ${rounded(upper.center)} req/s`],
  )
  return found.length === 0
    ? ''
    : ` Not measured, but projected from the CPU time per request: ${found.join(', ')}.`
}

/** Cores that were run, and rates as far as the intervals reach. */
function axes({ points }: Material) {
  const cores = points.map((point) => point.cores)
  const high = Math.max(...points.map(({ summary }) => summary.high))
  return {
    x: {
      field: 'cores',
      type: 'quantitative',
      title: 'cores',
      scale: { domain: [0, Math.max(...cores) * 1.06] as number[], nice: false },
      axis: { values: cores, format: 'd', grid: false, labelOverlap: true },
    },
    y: {
      field: 'rate',
      type: 'quantitative',
      title: 'requests per second',
      scale: { domain: [0, high * 1.06] as number[], nice: false },
      axis: { tickCount: 6, format: ',d' },
    },
  } as const
}

interface Place {
  readonly cores: number
  readonly rate: number
}

function line(
  name: string,
  values: readonly Place[],
  encoding: ReturnType<typeof axes>,
  mark: object,
): Layer {
  return {
    name,
    data: { values: [...values] },
    mark: { type: 'line', strokeWidth: 1.8, aria: false, ...mark },
    encoding,
  }
}

/** Dots, with a legend where they are of two kinds; the intervals behind them. */
function marks(material: Material): Layer[] {
  const { x: across, y: up } = axes(material)
  const values = measured(material)
  const domain = [...new Set(values.map(({ kind }) => kind))]
  const looks = domain.map((kind) => options(kind, material.colour))
  const kinds = (range: readonly string[]) => ({
    field: 'kind',
    type: 'nominal' as const,
    scale: { domain, range: [...range] },
    ...(domain.length < 2 && { legend: null }),
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

type Kind = 'measured' | 'more workers than CPUs'

function options(kind: Kind, colour: string) {
  if (kind === 'measured') return { stroke: colour, fill: colour, shape: 'circle' }
  return { stroke: colour, fill: ink.paper.light, shape: 'circle' }
}

function measured({ points }: Material) {
  return points.map(({ cores, summary, finding }) => ({
    ...{ cores, rate: summary.center, low: summary.low, high: summary.high },
    kind:
      finding.validity === 'valid' ? ('measured' as const) : ('more workers than CPUs' as const),
    text: labelOf(cores, summary, finding),
  }))
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
    const isShown = finding !== undefined && finding.validity !== 'invalid'
    return isShown && summary ? [{ cores, summary, finding }] : []
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
