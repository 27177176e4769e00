import { plural } from '../../src/kit/plural.ts'
import { grouped, percent, rounded } from '../../src/kit/units.ts'
import type { FaultFinding, ResultDocument } from '../../src/result/document.ts'
import { mark, type Row, rowsOf } from './rows.ts'

type Fault = NonNullable<ResultDocument['plan']['faults']>[number]
type TrialRange = FaultFinding['failed']

/** A cell: the middle of the trials, and below it the least and the greatest. */
interface FaultCell {
  readonly text: string
  readonly below: string
}

/** What each fault came to, target beside target. */
export interface FaultsTable {
  readonly title: string
  /** A line a fault, with the letter that it goes by. */
  readonly faults: readonly string[]
  readonly head: readonly FaultCell[]
  readonly rows: readonly (readonly FaultCell[])[]
  readonly notes: readonly string[]
}

/** The table of a result whose plan has faults and of which something was measured. */
export function faultsTable(document: ResultDocument): FaultsTable | undefined {
  const { faults = [] } = document.plan
  const rows = rowsOf(document, 'latency').filter(({ finding }) => finding.faults !== undefined)
  if (faults.length === 0 || rows.length === 0) return undefined
  const single = rows.every(({ finding }) => finding.faults?.every(({ failed }) => failed.n <= 1))
  return {
    title: 'Faults: what clients saw, and what the target did',
    faults: faults.map((fault, i) => `${letter(i)}  ${faultWords(fault)}`),
    head: [
      ...[plain('fault, algorithm'), plain('failed')],
      ...[within('detected', 's'), within('recovered', 's')],
      ...[within('share', '%'), within('worst p99', 'ms')],
    ],
    rows: faults.flatMap((_, i) => rows.flatMap((row) => rowOf(row, i))),
    notes: [
      ...meanings,
      ...(single ? [] : ['Middle of the trials; below it the least and the greatest.']),
    ],
  }
}

/** What came of the faults, in two sentences: with whom clients saw the fewest failures, and what was noticed. */
export function faultSentences(document: ResultDocument): string[] {
  const { faults = [] } = document.plan
  const found = rowsOf(document, 'latency').flatMap(({ label, finding }) =>
    finding.faults === undefined ? [] : [{ label, faults: finding.faults }],
  )
  if (faults.length === 0 || found.length === 0) return []
  return [failures(found, faults.length), ...noticed(found, faults)]
}

/** An arm, and what each fault came to there. */
interface Endured {
  readonly label: string
  readonly faults: readonly FaultFinding[]
}

function failures(found: readonly Endured[], count: number): string {
  const [first, ...others] = found
    .map(({ label, faults }) => ({
      with: ` with ${label}`,
      failed: faults.reduce((sum, { failed }) => sum + (failed.median ?? 0), 0),
    }))
    .toSorted((a, b) => a.failed - b.failed)
  if (others.length === 0) {
    return `Under ${plural(count, 'fault')} clients saw ${grouped(first?.failed ?? 0)} requests fail${first?.with}.`
  }
  const under = `Under ${plural(count, 'fault')} clients saw fewest requests fail, ${grouped(first?.failed ?? 0)},`
  const rest = others.map((one) => `, ${grouped(one.failed)}${one.with}`).join('')
  const trials = Math.max(...found.flatMap(({ faults }) => faults.map(({ failed }) => failed.n)))
  const sure =
    trials < 2
      ? 'one trial each cannot say how sure that order is'
      : `the middle of ${trials} trials, whose order was not tested`
  return `${under}${first?.with}${rest}; ${sure}.`
}

/** Which faults everybody noticed, and which nobody did; those that only some noticed are in the table. */
function noticed(found: readonly Endured[], faults: readonly Fault[]): string[] {
  const where = (all: (one: FaultFinding | undefined) => boolean) =>
    faults
      .flatMap(({ effect }, i) =>
        found.every((one) => all(one.faults[i])) ? [`${letter(i)} (${effect.kind})`] : [],
      )
      .join(', ')
  const seen = where((one) => one?.detect?.median !== undefined)
  const missed = where((one) => one?.detect !== undefined && one.detect.median === undefined)
  const said = [
    ...(seen === '' ? [] : [`noticed by ${found.length === 1 ? 'it' : 'all'}: ${seen}`]),
    ...(missed === '' ? [] : [`by ${found.length === 1 ? 'it not' : 'none'}: ${missed}`]),
  ].join('; ')
  return said === '' ? [] : [`${said.charAt(0).toUpperCase()}${said.slice(1)}.`]
}

const meanings = [
  'failed: requests without a 2xx answer, from the fault to the next one.',
  'detected: until the backend got less than a tenth of its usual share for a second; of one that is dead, until clients saw no failure for a second.',
  'recovered: from the backend’s return until it got four fifths of its usual share for a second.',
  'share: what the backend got during the fault, of what it got before all faults. worst p99: of a second, up to the next fault.',
  'never: not within the time that there was, up to the next fault. All times are exact to a tenth of a second.',
]

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
      return `answers ${percent(effect.share)} with 500`
    case 'reset':
      return 'resets each request'
    case 'hang':
      return 'answers nothing'
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

/** `–`: it could not be asked. `never`: not in the middle one of the trials. */
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
