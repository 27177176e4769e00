import type { RenderOptions } from '../../src/kit/render-options.ts'
import { scaled, scaleFor } from '../../src/kit/units.ts'
import { wrap } from '../../src/kit/wrap.ts'
import { grid } from '../layout/grid.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'

/** The picks of an algorithm in a given situation, as `src/algorithms/explain` computes them. */
interface Example {
  readonly algorithm: string
  readonly summary: string
  readonly source: string
  readonly backends: readonly {
    readonly weight: number
    readonly inFlight: number
    /** Seconds; 0 before the first response. */
    readonly latency: number
    readonly eligible: boolean
  }[]
  readonly requests: readonly {
    readonly key: string
    readonly inFlight: readonly number[]
    /** From 1; 0 where none was eligible. */
    readonly backend: number
  }[]
  readonly counts: readonly number[]
}

/** The example for a terminal: the initial state, each pick with the requests in flight that it saw, and the picks per backend. */
export function workedExample(example: Example, options: RenderOptions): string {
  const { algorithm, summary, source, requests, counts } = example
  const on = terminal(options)
  const { paint } = on
  const shares = counts.map((count, row) => `${nameOf(row + 1)} ${count}`).join(', ')
  const paragraphs = [
    [
      `${paint.strong(algorithm)}: ${paint.plain(summary)}`,
      paint.faint(wrap(paint.plain(`source: ${source}`), options.width, 2)),
    ].join('\n'),
    situation(example, on),
    picks(example, on),
    paint.plain(`after ${requests.length} requests, all still in flight: ${shares}`),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

function situation({ backends }: Example, { options, paint }: Terminal): string {
  const hasLatency = backends.some(({ latency }) => latency > 0)
  return grid({
    head: ['backend', 'weight', 'in flight', ...(hasLatency ? ['latency'] : []), 'state'].map(
      paint.strong,
    ),
    rows: backends.map(({ weight, inFlight, latency, eligible }, row) => [
      nameOf(row + 1),
      String(weight),
      String(inFlight),
      ...(hasLatency ? [paint.plain(latencyOf(latency))] : []),
      eligible ? (weight > 0 ? 'up' : 'no weight') : paint.careful('down'),
    ]),
    rule: ruleOf(options),
  })
}

function picks({ requests }: Example, { options, paint }: Terminal): string {
  const keyed = requests.some(({ key }) => key !== '')
  return grid({
    head: ['request', ...(keyed ? ['key'] : []), 'in flight before', 'goes to'].map(paint.strong),
    rows: requests.map(({ key, inFlight, backend }, request) => [
      String(request + 1),
      ...(keyed ? [key] : []),
      inFlight.join(' '),
      backend === 0 ? paint.bad('none') : paint.strong(nameOf(backend)),
    ]),
    rule: ruleOf(options),
  })
}

function nameOf(number: number): string {
  return `b${number}`
}

function latencyOf(seconds: number): string {
  if (seconds === 0) return '–'
  const scale = scaleFor('s', [seconds])
  return `${scaled(seconds, scale)} ${scale.unit}`
}

function ruleOf({ unicode }: RenderOptions): string {
  return unicode ? '─' : '-'
}
