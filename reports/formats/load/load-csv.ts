import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { csvLine } from '../../layout/csv-line.ts'
import { nodeNames } from '../../sections/engine-lines.ts'
import { type LoadFigures, stageFigures, stepFigures } from '../../sections/load/load-figures.ts'

const heads = [
  ...['stage', 'step', 'model', 'from', 'to', 'seconds', 'planned', 'sent', 'valid'],
  ...['requests', 'ok', 'failed', 'p50_s', 'p95_s', 'p99_s', 'checks_passed', 'checks_failed'],
  ...['failures', 'degraded', 'engine', 'nodes'],
]

/** A line for each stage, and one for each of its steps, in base units. Percentiles among failed requests are `inf`. */
export function loadCsv({ stages, drivers, engine }: LoadResult): string {
  const about = [drivers.lost.length > 0, engine?.name ?? 'local', nodeNames(engine)]
  const lines = stages.flatMap((stage) => {
    const { name, model, from, to, seconds, planned, sent, valid } = stage
    const shape = [model, from, to, seconds]
    return [
      [name, '', ...shape, planned, sent, valid, ...figureCells(stageFigures(stage)), ...about],
      ...stepFigures(stage).map((step) => [
        ...[name, step.name, ...shape, '', '', valid],
        ...figureCells(step.figures),
        ...about,
      ]),
    ]
  })
  return [heads, ...lines].map((line) => csvLine(line.map(String))).join('')
}

function figureCells(figures: LoadFigures): (string | number)[] {
  const { requests, ok, failed, failures, p50, p95, p99, checksPassed, checksFailed } = figures
  const times = [p50, p95, p99].map((seconds) =>
    seconds === undefined ? '' : Number.isFinite(seconds) ? seconds : 'inf',
  )
  const kinds = Object.entries(failures).map(([kind, count]) => `${kind}: ${count}`)
  return [requests, ok, failed, ...times, checksPassed, checksFailed, kinds.join('; ')]
}
