import { plural } from '../../src/kit/plural.ts'
import { grouped, percent, rounded } from '../../src/kit/units.ts'
import type { FaultFinding, ResultDocument } from '../../src/result/document.ts'
import { mark, type Row, rowsOf } from './rows.ts'

type Fault = NonNullable<ResultDocument['plan']['faults']>[number]
type TrialRange = FaultFinding['failed']

/** A cell: the median of the trials, and below it minimum and maximum. */
interface FaultCell {
  readonly text: string
  readonly below: string
}

/** The effects of each fault, target beside target. */
export interface FaultsTable {
  readonly title: string
  /** A line a fault, with the letter that it goes by. */
  readonly faults: readonly string[]
  readonly head: readonly FaultCell[]
  readonly rows: readonly (readonly FaultCell[])[]
  readonly notes: readonly string[]
  /** What a screen has space for of the notes. */
  readonly briefNotes: readonly string[]
}

/** The table of a result whose plan has faults and of which something was measured. */
export function faultsTable(document: ResultDocument): FaultsTable | undefined {
  const { faults = [] } = document.plan
  const rows = rowsOf(document, 'latency').filter(({ finding }) => finding.faults !== undefined)
  if (faults.length === 0 || rows.length === 0) return undefined
  const single = rows.every(({ finding }) => finding.faults?.every(({ failed }) => failed.n <= 1))
  const ranges = single ? [] : ['Median of the trials; below it the minimum and the maximum.']
  return {
    title: 'Faults: failed requests, and reaction of the target',
    faults: faults.map((fault, i) => `${letter(i)}  ${faultWords(fault)}`),
    head: [
      ...[plain('fault, algorithm'), plain('failed')],
      ...[within('detected', 's'), within('recovered', 's')],
      ...[within('share', '%'), within('max p99', 'ms')],
    ],
    rows: faults.flatMap((_, i) => rows.flatMap((row) => rowOf(row, i))),
    notes: [...meanings, ...ranges],
    briefNotes: [briefMeanings, ...ranges],
  }
}

/** Two sentences on the faults: the arm with the fewest failed requests, and the faults that were detected. */
export function faultSentences(document: ResultDocument): string[] {
  const { faults = [] } = document.plan
  const found = rowsOf(document, 'latency').flatMap(({ label, finding }) =>
    finding.faults === undefined ? [] : [{ label, faults: finding.faults }],
  )
  if (faults.length === 0 || found.length === 0) return []
  return [failures(found, faults.length), ...detected(found, faults)]
}

/** An arm, and its findings for each fault. */
interface ArmFaults {
  readonly label: string
  readonly faults: readonly FaultFinding[]
}

function failures(found: readonly ArmFaults[], count: number): string {
  const [first, ...others] = found
    .map(({ label, faults }) => ({
      with: ` with ${label}`,
      failed: faults.reduce((sum, { failed }) => sum + (failed.median ?? 0), 0),
    }))
    .toSorted((a, b) => a.failed - b.failed)
  if (others.length === 0) {
    const failed = first?.failed ?? 0
    return `${grouped(failed)} ${failed === 1 ? 'request' : 'requests'} failed under ${plural(count, 'fault')}${first?.with}.`
  }
  const under = `Fewest failed requests under ${plural(count, 'fault')}: ${grouped(first?.failed ?? 0)}`
  const rest = others.map((one) => `, ${grouped(one.failed)}${one.with}`).join('')
  const trials = Math.max(...found.flatMap(({ faults }) => faults.map(({ failed }) => failed.n)))
  const sure =
    trials < 2
      ? 'one trial each gives no error estimate'
      : `medians of ${trials} trials; the differences were not tested`
  return `${under}${first?.with}${rest}; ${sure}.`
}

/** Faults that every arm detected, and those that none did; the table has the others. */
function detected(found: readonly ArmFaults[], faults: readonly Fault[]): string[] {
  const where = (all: (one: FaultFinding | undefined) => boolean) =>
    faults
      .flatMap(({ effect }, i) =>
        found.every((one) => all(one.faults[i])) ? [`${letter(i)} (${effect.kind})`] : [],
      )
      .join(', ')
  const seen = where((one) => one?.detect?.median !== undefined)
  const missed = where((one) => one?.detect !== undefined && one.detect.median === undefined)
  const one = found.length === 1
  return [
    ...(seen === '' ? [] : [`${one ? 'Took' : 'Every arm took'} the backend out after: ${seen}.`]),
    ...(missed === '' ? [] : [`${one ? 'Did not react' : 'No arm reacted'} to: ${missed}.`]),
  ]
}

const meanings = [
  'failed: requests without a 2xx response, from the fault to the next one.',
  'detected: time until the backend got less than 10 % of its share before the faults, for a second; for a dead backend, until no request failed for a second.',
  'recovered: time from the backend’s return until it got 80 % of that share for a second.',
  'share: of all requests, during the fault and before all faults. max p99: highest one-second p99, up to the next fault.',
  'never: not before the next fault. Times are exact to 0.1 s.',
]

const briefMeanings =
  'detected: until the backend got < 10 % of its share; recovered: after the fault, until it got 80 % again; never: not before the next fault. share: during, of before. max p99: of a second. --full says more.'

/** The letter that a fault goes by. */
export function letter(i: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + (i % 26))
}

/** `at 3 s, for 5 s: backend 2 is killed`. */
export function faultWords({ at, until, backend, effect }: Fault): string {
  const lasts =
    until === undefined ? ', to the end' : until > at ? `, for ${seconds(until - at)}` : ''
  return `at ${seconds(at)}${lasts}: backend ${backend} ${effectText(effect)}`
}

function effectText(effect: Fault['effect']): string {
  switch (effect.kind) {
    case 'kill':
      return 'is killed'
    case 'restart':
      return 'is killed and started again'
    case 'slow':
      return `is ×${effect.times} slower`
    case 'errors':
      return `responds to ${percent(effect.share)} with 500`
    case 'reset':
      return 'resets each request'
    case 'hang':
      return 'does not respond'
  }
}

function seconds(value: number): string {
  return `${Number(value.toFixed(2))} s`
}

function rowOf(row: Row, i: number): FaultCell[][] {
  const found = row.finding.faults?.[i]
  if (found === undefined) return []
  const { failed, detect, recover, shareDuring, shareBefore, maxP99 } = found
  return [
    [
      plain(`${letter(i)}  ${row.arm.name}${mark(row.finding)}`),
      cell(failed, grouped),
      ...[cell(detect, tenths), cell(recover, tenths)],
      shareCell(shareDuring, shareBefore),
      cell(maxP99, (value) => rounded(value * 1e3), '∞'),
    ],
  ]
}

function shareCell(share: TrialRange | undefined, usual: TrialRange | undefined): FaultCell {
  if (share?.median === undefined || usual?.median === undefined) return plain('–')
  const during = cell(share, (value) => rounded(value * 100))
  return { ...during, text: `${during.text} of ${rounded(usual.median * 100)}` }
}

/** To the tenth that it is exact to. */
function tenths(value: number): string {
  return value < 0.1 ? '<0.1' : value.toFixed(1)
}

/** `–`: not measurable. `never`: not in the median trial. */
function cell(
  reach: TrialRange | undefined,
  write: (value: number) => string,
  never = 'never',
): FaultCell {
  if (reach === undefined || reach.n === 0) return plain('–')
  const edge = (value: number | undefined) => (value === undefined ? never : write(value))
  const { median, low, high, n } = reach
  const [least, most] = [edge(low), edge(high)]
  return { text: edge(median), below: n < 2 || least === most ? '' : `${least}…${most}` }
}

function plain(text: string): FaultCell {
  return { text, below: '' }
}

function within(text: string, unit: string): FaultCell {
  return { text, below: unit }
}
