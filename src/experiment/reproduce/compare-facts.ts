import type { Fact } from '../../plan/documented/facts.ts'
import type { QuotedFigure } from '../../result/remark.ts'

/** Relative difference up to which two figures count as equal, beyond their rounding. */
export const tolerance = 0.05

/** Whether two figures are the same metric of the same target and algorithm, on any number of cores. */
export function haveOneSubject(one: Fact, other: Fact): boolean {
  return (
    one.metric === other.metric &&
    one.arm.target === other.arm.target &&
    one.arm.algorithm === other.arm.algorithm
  )
}

/** Whether two figures are equal within their rounding and the tolerance. */
export function approximatelyEqual(one: Fact, other: Fact): boolean {
  const [a, b] = [one.figure, other.figure]
  return Math.abs(a.value - b.value) <= a.slack + b.slack + tolerance * Math.max(a.value, b.value)
}

/** A fact as a remark quotes it. */
export function quoted({ table, row, figure }: Fact): QuotedFigure {
  return { table, row, text: figure.text }
}
