import type { Finding, ResultDocument } from '../../src/result/document.ts'

/** One cell of the experiment. */
type Arm = ResultDocument['plan']['arms'][number]

/** The phase of a finding: capacity or latency. */
export type Phase = Finding['phase']

/** A finding with the arm that it is about. */
export interface Row {
  readonly arm: Arm
  readonly finding: Finding
  /** Target and algorithm, without the cores: `nginx least-connections`. */
  readonly label: string
}

/** The findings of one phase, in the order of the plan. */
export function rowsOf(document: ResultDocument, phase: Phase): Row[] {
  return document.plan.arms.flatMap((arm) =>
    document.findings
      .filter((finding) => finding.arm === arm.name && finding.phase === phase)
      .map((finding) => ({ arm, finding, label: label(arm) })),
  )
}

/**
 * Target and algorithm. The name of the reference balancer is left out; the control has no algorithm. In an A/B run the
 * side comes first.
 */
export function label({
  target,
  algorithm,
  variant,
}: Pick<Arm, 'target' | 'algorithm' | 'variant'>): string {
  const side = variant === undefined ? '' : `${variant.side} `
  if (algorithm === 'none') return `${side}${target}`
  return `${side}${target === 'reference' ? algorithm : `${target} ${algorithm}`}`
}

/** The mark of a row that is not comparable with the others. */
export function mark({ validity }: Finding): string {
  return { valid: '', oversubscribed: '†', invalid: '!' }[validity]
}

/** The cores of a row with its mark; a dash for the control. */
export function cores({ arm, finding }: Row): string {
  const hasCores = arm.algorithm !== 'none' || / ×\d+$/.test(arm.name)
  return `${hasCores ? arm.cores : '–'}${mark(finding)}`
}

/** Rows that differ in algorithm or target only: those with the number of cores that is most frequent. */
export function withSameCores(rows: readonly Row[]): Row[] {
  const groups = Map.groupBy(rows, ({ arm }) => arm.cores)
  return [...groups.values()].reduce<Row[]>((a, b) => (b.length > a.length ? b : a), [])
}
