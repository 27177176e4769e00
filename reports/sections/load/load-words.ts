import { plural } from '../../../src/kit/plural.ts'
import { grouped, partPercent, percent, quantity, rounded } from '../../../src/kit/units.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { clock } from '../../layout/clock.ts'
import { reasonLines } from '../reasons.ts'
import { causeShares, countOf, stallLines } from '../slow.ts'
import { levels } from './curve-text.ts'
import { degradedSentence, driverLines } from './driver-text.ts'
import { kneeLines, kneeSentence } from './knee-text.ts'
import {
  checkFigures,
  failureKinds,
  type LoadFigures,
  stageFigures,
  stepFigures,
} from './load-figures.ts'
import { thresholdLines } from './threshold-text.ts'

type Stage = LoadResult['stages'][number]

/** The answer of a load test: whether it held, and where it broke. */
export interface LoadAnswer {
  readonly sentences: readonly string[]
  readonly tone: 'good' | 'careful' | 'bad'
}

/** Fraction of failed requests from which on a stage has not held. */
const brokenShare = 0.01

/** Whether the load held: every stage sent as planned, fewer than 1 % of its requests failed, and no threshold broken. */
export function loadAnswer(result: LoadResult): LoadAnswer {
  const all = result.stages.map(stageFigures)
  const requests = all.reduce((sum, one) => sum + one.requests, 0)
  const failed = all.reduce((sum, one) => sum + one.failed, 0)
  const checks = checkFigures(result).filter((one) => one.failed > 0)
  const [first, second] = [headline(result), thresholdAnswer(result.thresholds)]
  // A broken threshold is the answer, unless the run has another one to give.
  const isBroken = second.tone === 'bad' && result.complete && result.knee === undefined
  const degraded = degradedSentence(result.drivers)
  const parts: LoadAnswer[] = [
    { sentences: degraded === '' ? [] : [degraded], tone: degraded === '' ? 'good' : 'bad' },
    ...(isBroken ? [second] : [first, second]),
    {
      sentences: [`${grouped(requests)} requests, ${share(failed, requests)} failed.`],
      tone: 'good',
    },
    {
      sentences:
        checks.length === 0 ? [] : [`${plural(checks.length, 'check')} failed at least once.`],
      tone: checks.length === 0 ? 'good' : 'careful',
    },
  ]
  const worst = (['bad', 'careful'] as const).find((tone) => parts.some((one) => one.tone === tone))
  return { sentences: parts.flatMap(({ sentences }) => sentences), tone: worst ?? 'good' }
}

/** The first sentence: the end before its time, the knee, the first stage that did not hold, or that all did. */
function headline({ stages, complete, seconds, knee }: LoadResult): LoadAnswer {
  if (!complete) {
    const sentence = `Ended early, after ${clock(seconds)}: the stages below are partial.`
    return { sentences: [sentence], tone: 'careful' }
  }
  if (knee !== undefined) {
    const isFound = knee.outcome === 'found' || knee.outcome === 'not-reached'
    return { sentences: [kneeSentence(knee)], tone: isFound ? 'good' : 'careful' }
  }
  const broken = stages
    .map((stage) => ({ stage, figures: stageFigures(stage) }))
    .find(
      ({ stage, figures }) =>
        !stage.valid || figures.failed > brokenShare * Math.max(1, figures.requests),
    )
  if (broken !== undefined) {
    const { stage, figures } = broken
    const why = stage.valid
      ? `${share(figures.failed, figures.requests)} of its requests failed`
      : plannedPart(stage)
    return { sentences: [`The load did not hold: stage ${stage.name}: ${why}.`], tone: 'bad' }
  }
  const held =
    stages.length === 1
      ? 'the stage was sent as planned'
      : `all ${stages.length} stages were sent as planned`
  return { sentences: [`The load held: ${held}.`], tone: 'good' }
}

/** The thresholds that were broken; otherwise how many are inconclusive, or that all hold. */
function thresholdAnswer(thresholds: LoadResult['thresholds']): LoadAnswer {
  const of = (wanted: string) => thresholds.filter(({ outcome }) => outcome === wanted)
  const [broken, undecided] = [of('fail'), of('inconclusive')]
  if (broken.length > 0) {
    const of = plural(thresholds.length, 'threshold')
    return { sentences: [`The load did not hold: ${broken.length} of ${of} failed.`], tone: 'bad' }
  }
  if (undecided.length > 0) {
    const all = plural(thresholds.length, 'threshold')
    return { sentences: [`${undecided.length} of ${all} inconclusive.`], tone: 'careful' }
  }
  const held = of('pass').length
  if (held === 0 || held < thresholds.length) return { sentences: [], tone: 'good' }
  return {
    sentences: [held === 1 ? 'The threshold holds.' : `All ${held} thresholds hold.`],
    tone: 'good',
  }
}

/** Why a stage is invalid: `invalid: 95.2 % of its planned visits were sent`. */
export function invalidText(stage: Stage): string {
  return `invalid: ${plannedPart(stage)}`
}

function plannedPart({ model, planned, sent }: Stage): string {
  const what = model === 'open' ? 'visits' : 'user-seconds'
  return `${share(sent, planned)} of its planned ${what} were sent`
}

/** The part of a total, as a percentage: `0 %` only of none, so that one failed request shows. */
export function share(part: number, total: number): string {
  return partPercent(total === 0 ? 0 : part / total)
}

/** A table of stages or steps: the first column is text, the others are figures. */
export interface LoadTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows, from 0, that are not as they should be. */
  readonly bad: readonly number[]
}

/** A row for each stage. Ramps have no percentiles: their latencies are of many loads. */
export function stageTable({ stages }: LoadResult): LoadTable {
  const hasChecks = stages.some(({ steps }) =>
    Object.values(steps).some(({ checks }) => Object.keys(checks).length > 0),
  )
  return {
    title: 'Stages',
    head: [
      'stage',
      'time',
      'planned',
      'sent',
      'p50',
      'p95',
      'p99',
      'failed',
      ...(hasChecks ? ['checks'] : []),
    ],
    rows: stages.map((stage) => {
      const figures = stageFigures(stage)
      return [
        stage.name,
        timeText(stage.seconds),
        levels(stage),
        sentText(stage),
        ...percentiles(figures),
        share(figures.failed, figures.requests),
        ...(hasChecks ? [checksText(figures)] : []),
      ]
    }),
    bad: stages.flatMap(({ valid }, i) => (valid ? [] : [i])),
  }
}

/** The real level: visits per second, or users, on average; with the part of the plan where it is not all. */
function sentText({ model, seconds, sent, planned }: Stage): string {
  const level = `${rounded(sent / seconds)}${model === 'open' ? '/s' : ' users'}`
  const part = planned === 0 ? 1 : sent / planned
  return Math.abs(part - 1) < 0.0005 ? level : `${level} (${percent(part)})`
}

/** A row for each step of a stage that keeps its level; of the highest one only, unless all are wanted. */
export function stepTables({ stages }: LoadResult, all: boolean): LoadTable[] {
  const holds = stages.filter(({ from, to }) => from === to && to > 0)
  const shown = holds.length > 0 ? holds : stages
  const [highest] = shown.toSorted((a, b) => Math.max(b.from, b.to) - Math.max(a.from, a.to))
  return (all ? shown : highest === undefined ? [] : [highest]).map((stage) => {
    const steps = stepFigures(stage)
    return {
      title: stages.length === 1 ? 'Steps' : `Steps in ${stage.name}`,
      head: ['step', 'requests', 'rate', 'p50', 'p95', 'p99', 'failed', 'checks'],
      rows: steps.map(({ name, figures }) => [
        name,
        grouped(figures.requests),
        `${rounded(figures.requests / stage.seconds)}/s`,
        ...percentiles(figures),
        share(figures.failed, figures.requests),
        checksText(figures),
      ]),
      bad: [],
    }
  })
}

function percentiles({ p50, p95, p99 }: LoadFigures): string[] {
  return [p50, p95, p99].map((seconds) => {
    if (seconds === undefined) return '–'
    return Number.isFinite(seconds) ? quantity(seconds, 's') : 'failed'
  })
}

function checksText({ checksPassed, checksFailed }: LoadFigures): string {
  const all = checksPassed + checksFailed
  return all === 0 ? '–' : share(checksPassed, all)
}

function timeText(seconds: number): string {
  return seconds < 10 ? `${rounded(seconds)} s` : clock(seconds)
}

/** Lines about a load test, by name. */
export function loadFacts(
  result: LoadResult,
): { readonly name: string; readonly lines: string[] }[] {
  const { stages, drivers, processes, seconds, unfinished, metrics } = result
  const kinds = failureKinds(result).map(([kind, count]) => `${grouped(count)} × ${kindText(kind)}`)
  const failing = checkFigures(result)
    .filter(({ failed }) => failed > 0)
    .map(
      ({ step, check, passed, failed }) =>
        `${check}, ${step}: ${share(failed, passed + failed)} failed (${grouped(failed)})`,
    )
  const cut = stages.reduce((sum, stage) => sum + stage.cut, 0)
  const cpu = processes
    .filter(({ role }) => role !== 'driver')
    .map(
      ({ role, cpuSeconds, cpusGiven }) =>
        `${role} ${share(cpuSeconds, seconds * cpusGiven)} of its CPU time`,
    )
  return [
    {
      name: 'Ended',
      lines: result.endedBy === undefined ? [] : [`by the code of a journey: ${result.endedBy}`],
    },
    { name: 'Knee', lines: result.knee === undefined ? [] : kneeLines(result.knee) },
    { name: 'Thresholds', lines: thresholdLines(result.thresholds) },
    {
      name: 'Invalid',
      lines: stages
        .filter(({ valid }) => !valid)
        .map((stage) => `${stage.name}: ${plannedPart(stage)}`),
    },
    { name: 'Failed', lines: kinds },
    { name: 'Checks', lines: failing },
    {
      name: 'Visits',
      lines: [
        ...(cut > 0
          ? [`${grouped(cut)} ended early: a capture did not fit, data was used up, or code failed`]
          : []),
        ...(unfinished > 0 ? [`${grouped(unfinished)} were not over when the load ended`] : []),
      ],
    },
    {
      name: 'Metrics',
      lines: Object.entries(metrics).map(
        ([name, { kind, count, sum, last }]) =>
          `${name} (${kind}): ${kind === 'gauge' ? rounded(last) : kind === 'rate' ? share(sum, count) : kind === 'trend' ? `mean ${rounded(sum / Math.max(1, count))}` : rounded(sum)}`,
      ),
    },
    {
      name: 'Slowest',
      lines:
        result.slow === undefined || countOf(result.slow.requests) === 0
          ? []
          : [causeShares(result.slow.requests), ...stallLines(result.slow.stalls)],
    },
    { name: 'Machine', lines: reasonLines(result.disturbances ?? []) },
    {
      name: 'Driver',
      lines: [
        `${plural(drivers.count, 'driver')}, busy ${percent(drivers.busy)}${drivers.stalled > 0.001 ? `, stalled ${percent(drivers.stalled)}` : ''}${cpu.length > 0 ? `; ${cpu.join('; ')}` : ''}`,
        ...driverLines(result),
        ...ownCodeLines(drivers.ownCode),
      ],
    },
  ].filter(({ lines }) => lines.length > 0)
}

/** Fraction of the driver's time from which on a run measures the code of its journeys. */
const maxOwnCode = 0.3

function ownCodeLines(ownCode: number | undefined): string[] {
  if (ownCode === undefined) return []
  const used = `the code of the journeys used ${percent(ownCode)} of the driver's time`
  return [ownCode > maxOwnCode ? `${used}: the run measured the code` : used]
}

function kindText(kind: string): string {
  return kind.startsWith('not-sent-')
    ? `visit not begun: ${kind.slice(9).replaceAll('-', ' ')}`
    : kind
}

/** `shop: http://127.0.0.1:8080, 3 stages`. */
export function loadTitle({ scenario, target, stages }: LoadResult): string {
  return `${scenario}: ${target}, ${plural(stages.length, 'stage')}`
}
