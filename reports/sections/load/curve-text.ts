import type { RenderOptions } from '../../../src/kit/render-options.ts'
import { grouped, rounded } from '../../../src/kit/units.ts'
import { aligned, type Cell } from '../../layout/aligned.ts'
import { bar } from '../../layout/bar.ts'
import { clock } from '../../layout/clock.ts'
import { terminal } from '../../layout/terminal.ts'

/** A stage of a curve. `sum`: visits, or user-seconds. */
export interface CurveStage {
  readonly name: string
  readonly seconds: number
  readonly model: 'open' | 'closed'
  readonly from: number
  readonly to: number
  readonly sum: number
}

/** Lines of the drawing of a curve. */
const lines = 16

/** The curve of a load for a terminal: a line for each stage, and a drawing with the time downwards. */
export function curveText(stages: readonly CurveStage[], options: RenderOptions): string {
  const { paint } = terminal(options)
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0)
  const peak = Math.max(...stages.flatMap(({ from, to }) => [from, to]))
  const text = (cell: string): Cell => ({ text: paint.plain(cell) })
  const rows = stages.map((stage) =>
    [
      stage.name,
      clockOf(stage.seconds),
      levels(stage),
      stage.model === 'open' ? `${grouped(Math.round(stage.sum))} visits` : '',
    ].map(text),
  )
  const heads = ['stage', 'time', 'level', 'sum'].map((head) => ({
    text: head,
    paint: paint.strong,
  }))
  const every = seconds / lines
  const drawn = Array.from({ length: lines + 1 }, (_, i) => {
    const at = Math.min(seconds, i * every)
    const level = levelIn(stages, at)
    return [clockOf(at), bar(level, peak, 40), rounded(level)].map(text)
  })
  return `${[
    ...aligned([heads, ...rows], ['left', 'right', 'right', 'right']),
    '',
    ...aligned(drawn, ['right', 'left', 'right']),
  ].join('\n')}\n`
}

/** `0 → 100/s`, `100/s`, `10 users`. */
export function levels({ model, from, to }: Pick<CurveStage, 'model' | 'from' | 'to'>): string {
  const unit = model === 'open' ? '/s' : ' users'
  return from === to ? `${rounded(to)}${unit}` : `${rounded(from)} → ${rounded(to)}${unit}`
}

function clockOf(seconds: number): string {
  return seconds < 10 ? `${rounded(seconds)} s` : clock(seconds)
}

function levelIn(stages: readonly CurveStage[], at: number): number {
  let left = at
  for (const { seconds, from, to } of stages) {
    if (left < seconds) return from + ((to - from) * left) / seconds
    left -= seconds
  }
  return stages.at(-1)?.to ?? 0
}
