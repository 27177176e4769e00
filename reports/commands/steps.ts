import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { StepMeans } from '../../src/kit/step-means.ts'
import { terminal } from '../layout/terminal.ts'
import { terminalTable } from '../layout/terminal-table.ts'
import { stepTable } from '../sections/steps.ts'

/** Where the time of the requests of a balancer went, for a terminal. */
export function stepsText(steps: StepMeans, options: RenderOptions): string {
  const of = `since it was configured, ${plural(steps.requests, 'request')}`
  const table = stepTable(steps, { title: 'Where the time went', of })
  return `${terminalTable(table, terminal(options))}\n`
}
