import { percent, rounded, scaled } from '../../src/kit/units.ts'
import type { Summary } from '../../src/result/document.ts'
import type {
  ReproducedRow,
  ReproducedTable,
  Reproduction,
  Shape,
} from '../../src/result/reproduction.ts'
import { plural } from '../sections/words.ts'

/** What was measured of a row, in the unit of the document: the figure, and its interval on its own. */
export function measuredWords(row: ReproducedRow): { figure: string; interval: string } {
  const { measured, divisor, unit, standing, isLowerBound } = row
  if (measured === undefined) return { figure: 'not measured', interval: '' }
  const scale = { divisor, unit }
  const mark = { valid: '', oversubscribed: '†', invalid: '!', 'not measured': '' }[standing]
  return {
    figure: `${isLowerBound ? '≥' : ''}${scaled(measured.center, scale)} ${unit}${mark}`,
    interval:
      measured.n < 2 ? '' : `${scaled(measured.low, scale)}–${scaled(measured.high, scale)}`,
  }
}

/** `≤61,200 req/s`: what the CPU cost of a request allows on cores that the host does not have. */
export function projectedWords({ projection, divisor, unit }: ReproducedRow): string {
  return projection ? `projected ≤${scaled(projection.center, { divisor, unit })} ${unit}` : ''
}

/** The judgement of a row, and the figures behind it. */
export function shapeWords(
  { shape }: ReproducedRow,
  { kind }: ReproducedTable,
): { answer: string; documented: string; measured: string } {
  if (shape === undefined) return { answer: '–', documented: '', measured: '' }
  const figure = kind === 'scaling' ? percent : (ratio: number) => `×${ratio.toFixed(3)}`
  return {
    answer: shape.answer,
    documented: figure(shape.documented),
    measured: shape.measured ? ofShape(shape.measured, kind) : '',
  }
}

function ofShape({ center, low, high, n }: Summary, kind: ReproducedTable['kind']): string {
  if (kind === 'scaling') {
    return `${percent(center)}${n < 2 ? '' : ` (${bare(low)}–${percent(high)})`}`
  }
  return `×${center.toFixed(3)}${n < 2 ? '' : ` (${low.toFixed(3)}–${high.toFixed(3)})`}`
}

function bare(share: number): string {
  return percent(share).replace(' %', '')
}

/** What the column of the shape holds. */
export function shapeHeading({ kind, rows }: ReproducedTable): string {
  return kind === 'scaling' ? 'efficiency of the step' : `shape: ratio to ${rows[0]?.name ?? ''}`
}

/** What must be read with a table. */
export function tableNotes({ rows, order, notes }: ReproducedTable): string[] {
  const reasons = rows.flatMap(({ shape }) => shape?.because ?? [])
  const over = rows.some(({ standing }) => standing === 'oversubscribed')
  const said = new Set(reasons.filter((reason) => !/^this host has fewer/.test(reason)))
  return [
    ...(order ? [orderWords(order)] : []),
    ...notes,
    ...[...said].map((reason) => `Not judged, or unclear: ${reason}.`),
    ...(over
      ? [
          '† Oversubscribed: more workers than this host has cores, so not judged; projected is what the CPU time of a request allows at most.',
        ]
      : []),
    ...(rows.some(({ isLowerBound }) => isLowerBound)
      ? ['≥ A lower bound: something other than the target limited it.']
      : []),
  ]
}

function orderWords({
  answer,
  documented,
  because,
}: NonNullable<ReproducedTable['order']>): string {
  const why = because.length === 0 ? '' : ` (${grouped(because).join('; ')})`
  return `Order, documented ${documented}: ${answer}${why}.`
}

/** `A and B: reason`, `C and D: reason` → `A and B, C and D: reason`. */
function grouped(sentences: readonly string[]): string[] {
  const split = sentences.map((one) => /^(?:(.+?): )?(.+)$/.exec(one) ?? [])
  const groups = Map.groupBy(split, ([, , reason = '']) => reason)
  return [...groups].map(([reason, group]) => {
    const who = group.flatMap(([, pair]) => pair ?? []).join(', ')
    return who === '' ? reason : `${who}: ${reason}`
  })
}

/** In one paragraph: how much of the shape came out. */
export function verdictWords({ tables, remarks }: Reproduction): string {
  const shapes = tables.flatMap(({ rows }) => rows.flatMap(({ shape }) => shape ?? []))
  const count = (answer: Shape['answer']) => shapes.filter((one) => one.answer === answer).length
  const judged = shapes.length - count('not judged')
  const open = [
    ...(count('inconclusive') > 0 ? [`${count('inconclusive')} cannot be told`] : []),
    ...(count('not judged') > 0 ? [`${count('not judged')} could not be judged here`] : []),
  ]
  const rest = open.length > 0 ? `; ${open.join(', ')}` : ''
  return [
    judged === 0
      ? 'No row could be judged here.'
      : `Of ${judged} judged rows ${count('agrees')} have the documented shape and ${count('differs')} have another${rest}.`,
    'Absolute figures are shown and not judged: the hardware differs.',
    remarksInShort(remarks),
  ].join(' ')
}

function remarksInShort(remarks: Reproduction['remarks']): string {
  const of = (kind: Reproduction['remarks'][number]['kind']) =>
    remarks.filter((one) => one.kind === kind).map(({ check }) => check)
  const [wrong, implied] = [of('contradiction'), of('implication')]
  const also =
    implied.length === 0 ? '' : `; ${implied.join(', ')}: they imply what they do not say`
  return wrong.length === 0
    ? `The documented figures do not contradict each other${also}.`
    : `The documented figures contradict each other or their method in ${plural(wrong.length, 'place')} (${[...new Set(wrong)].join(', ')})${also}.`
}

/** A row of a scaling figure: throughput as a multiple of the first row's. */
export interface SpeedUp {
  readonly name: string
  readonly documented: number
  /** Rows that the host has the cores for. */
  readonly measured?: number
  /** At most. */
  readonly projected?: number
}

/** The scaling figure of a table; undefined where it is none. */
export function speedUps({ kind, rows }: ReproducedTable): SpeedUp[] | undefined {
  const [first] = rows
  if (kind !== 'scaling' || first === undefined) return undefined
  const base = first.standing === 'valid' ? first.measured?.center : undefined
  return rows.map(({ name, documented, measured, standing, projection }) => ({
    name,
    documented: documented.value / first.documented.value,
    ...(base && measured && standing === 'valid' && { measured: measured.center / base }),
    ...(base && projection && { projected: projection.center / base }),
  }))
}

/** `×1.95` */
export function multiple(value: number): string {
  return `×${rounded(value)}`
}

/** `measured (95 % interval)`, or what else its spread is. */
export function measuredHeading({ rows }: ReproducedTable): string {
  const [first] = rows.flatMap(({ measured }) => measured ?? [])
  if (first === undefined || first.n < 2) return 'measured'
  return first.interval === 'range'
    ? 'measured (range)'
    : `measured (${percent(first.confidence)} interval)`
}
