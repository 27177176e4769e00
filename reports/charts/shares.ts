import { algorithms } from '../../src/algorithms/index.ts'
import { grouped, percent } from '../../src/kit/units.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { ink } from '../layout/palette.ts'
import { armAxis } from './arm-axis.ts'
import type { Chart } from './chart.ts'
import { armColours, arms, markNotes, type ShownArm } from './shown-arms.ts'

/** The share of one backend in an arm's requests. */
interface Share {
  readonly name: string
  readonly backend: string
  /** Index of the backend. */
  readonly place: number
  readonly requests: number
  readonly got: number
  readonly ideal: number
}

/** Share of the requests that each backend got, beside the ideal: by weight where the algorithm uses weights, otherwise equal. */
export function shares(document: ResultDocument): Chart[] {
  // Faults change the shares: their timelines show how.
  if (document.plan.faults !== undefined) return []
  const shown = arms(document).filter(({ row }) => row.arm.algorithm !== 'none')
  const all = shown.flatMap((arm) => sharesOf(document, arm))
  if (all.length === 0) return []
  return [
    {
      name: 'shares',
      title: 'Requests per backend',
      topic: 'balance',
      finding: farthest(all),
      pointer: 'rows',
      isFlat: all.every(({ got, ideal }) => Math.abs(got - ideal) < 0.005),
      caption: `Share of requests of each backend. The line is the ideal: by weight where the algorithm uses weights, otherwise equal.${markNotes(shown)}`,
      figures: {
        head: ['arm', 'backend', 'requests', 'share', 'ideal'],
        rows: all.map(({ name, backend, requests, got, ideal }) => [
          ...[name, backend, grouped(requests), percent(got), percent(ideal)],
        ]),
      },
      spec: (width) => ({
        width,
        height: all.length * (document.plan.backends.length > 8 ? 6 : 14) + 12 * shown.length,
        autosize: { type: 'fit-x', contains: 'padding' },
        data: { values: all.map((share) => ({ ...share, text: labelOf(share) })) },
        encoding: {
          y: armAxis(
            shown.map(({ name }) => name),
            width,
          ),
          yOffset: {
            field: 'place',
            type: 'nominal',
            sort: null,
            scale: { paddingInner: 0.15 },
          },
        },
        layer: [
          {
            mark: { type: 'bar' },
            encoding: {
              x: {
                field: 'got',
                type: 'quantitative',
                title: 'share of the requests',
                axis: { format: '.0%', tickCount: 5 },
              },
              color: { field: 'name', type: 'nominal', scale: armColours(shown), legend: null },
              description: { field: 'text' },
            },
          },
          {
            mark: { type: 'tick', thickness: 2, aria: false, color: ink.text.light },
            encoding: { x: { field: 'ideal', type: 'quantitative' } },
          },
        ],
      }),
    },
  ]
}

/** The share that is farthest from its ideal, in a sentence. */
function farthest(all: readonly Share[]): string {
  const [first] = all.toSorted((a, b) => Math.abs(b.got - b.ideal) - Math.abs(a.got - a.ideal))
  if (first === undefined || Math.abs(first.got - first.ideal) < 0.005) {
    return 'Every backend got its share.'
  }
  return `Farthest from its ideal: ${first.backend} of ${first.name}, ${percent(first.got)} of the requests in place of ${percent(first.ideal)}.`
}

function labelOf({ name, backend, requests, got, ideal }: Share): string {
  return `${name}, ${backend}: ${percent(got)} of the requests (${grouped(requests)}), ideal ${percent(ideal)}`
}

function sharesOf({ plan }: ResultDocument, { name, row }: ShownArm): Share[] {
  const { perBackend } = row.finding
  const total = perBackend.reduce((sum, requests) => sum + requests, 0)
  if (total === 0) return []
  const known = algorithms.find((one) => one.name === row.arm.algorithm)
  const weighed = known?.inputs.includes('weight') ?? false
  const weights = plan.backends.map(({ weight }) => (weighed ? weight : 1))
  const named = (i: number) =>
    weighed ? `backend ${i + 1}, weight ${weights[i]}` : `backend ${i + 1}`
  const sum = weights.reduce((all, weight) => all + weight, 0)
  return perBackend.map((requests, i) => ({
    name,
    backend: named(i),
    place: i,
    requests,
    got: requests / total,
    ideal: sum === 0 ? 0 : (weights[i] ?? 0) / sum,
  }))
}
