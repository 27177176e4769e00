import type { StepMeans, StepSeconds } from '../../src/kit/step-means.ts'
import { type StepName, stepNames } from '../../src/kit/steps.ts'
import { quantity } from '../../src/kit/units.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { TextTable } from '../layout/text-table.ts'

const stepWords: Readonly<Record<StepName, string>> = {
  head: 'head of the request read',
  pick: 'backend picked',
  retries: 'lost at backends that failed',
  connect: 'connection to the backend ready',
  request: 'request written',
  backend: "backend's first byte",
  response: "backend's last byte",
  client: 'response written to the client',
}

/** Cells of the widest bar. */
const barCells = 18

/** Where the time went: for each arm whose steps were timed, what each step adds at p50 and at p99. */
export function stepTables({ stepTrials = [] }: ResultDocument): TextTable[] {
  return stepTrials.flatMap(({ trial, steps }) =>
    steps === undefined
      ? []
      : [
          stepTable(steps, {
            title: `Where the time went: ${trial.arm}, ${trial.phase} phase`,
            of: `in a trial of ${steps.requests} requests of its own`,
          }),
        ],
  )
}

/** The steps with their means, and the total; `of`: which requests these are. */
export function stepTable(
  steps: StepMeans,
  { title, of }: { readonly title: string; readonly of: string },
): TextTable {
  const total = (means: StepSeconds) => stepNames.reduce((sum, one) => sum + means[one], 0)
  const cells = ({ p50, p99, mean }: Record<'p50' | 'p99' | 'mean', number>) =>
    [mean, p50, p99].map((seconds) => quantity(seconds, 's'))
  return {
    title,
    head: ['until', 'mean', 'p50', 'p99', 'at p99'],
    rows: [
      ...stepNames
        .filter((one) => one !== 'retries' || steps.mean.retries > 0)
        .map((one) => [
          stepWords[one],
          ...cells({ mean: steps.mean[one], p50: steps.p50[one], p99: steps.p99[one] }),
          waterfall(steps.p99, one),
        ]),
      [
        'total',
        ...cells({ mean: total(steps.mean), p50: total(steps.p50), p99: total(steps.p99) }),
        '',
      ],
    ],
    dropOrder: [['at p99'], ['at p99', 'mean']],
    notes: [
      `By marks of the balancer, from the first byte of a request, ${of}. p50: mean of the requests from p45 to p55; p99: mean of the slowest 1 %; so the steps sum to the total.`,
    ],
  }
}

/** The step as a bar that begins where the one before ended. */
function waterfall(means: StepSeconds, name: StepName): string {
  const total = stepNames.reduce((sum, one) => sum + means[one], 0)
  const before = stepNames
    .slice(0, stepNames.indexOf(name))
    .reduce((sum, one) => sum + means[one], 0)
  const at = (seconds: number) => Math.round((barCells * seconds) / Math.max(total, 1e-12))
  const from = at(before)
  return `${'·'.repeat(from)}${'█'.repeat(Math.max(0, at(before + means[name]) - from))}`.padEnd(
    barCells,
    '·',
  )
}
