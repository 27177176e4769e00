import type { Fact } from '../../plan/documented/facts.ts'

/** Two figures closer than this say the same, whatever else rounded them. */
export const alike = 0.05

/** Whether two figures are one metric of one thing, on however many cores. */
export function ofSame(one: Fact, other: Fact): boolean {
  return (
    one.metric === other.metric &&
    one.arm.target === other.arm.target &&
    one.arm.algorithm === other.arm.algorithm
  )
}

/** Whether two figures may be one, but for their rounding. */
export function close(one: Fact, other: Fact): boolean {
  const [a, b] = [one.figure, other.figure]
  return Math.abs(a.value - b.value) <= a.slack + b.slack + alike * Math.max(a.value, b.value)
}

/** `15,000 req/s (Throughput, Round robin)` */
export function named({ table, row, figure }: Fact): string {
  return `${figure.text} (${table}, ${row})`
}

/** `1 core`, `8 cores` */
export function cores(n: number): string {
  return `${n} core${n === 1 ? '' : 's'}`
}
