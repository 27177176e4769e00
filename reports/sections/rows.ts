import type { Finding, ResultDocument } from '../../src/result/document.ts'

/** One cell of the experiment. */
type Arm = ResultDocument['plan']['arms'][number]

/** What a finding answers: how much, or how fast. */
export type Phase = Finding['phase']

/** A finding with the arm that it is about. */
export interface Row {
  readonly arm: Arm
  readonly finding: Finding
  /** What is balanced by whom, without the cores: `nginx least-connections`. */
  readonly label: string
}

/** What was found in one phase, in the order of the plan. */
export function rowsOf(document: ResultDocument, phase: Phase): Row[] {
  return document.plan.arms.flatMap((arm) =>
    document.findings
      .filter((finding) => finding.arm === arm.name && finding.phase === phase)
      .map((finding) => ({ arm, finding, label: label(arm) })),
  )
}

/**
 * The reference balancer goes without saying; a target that balances nothing has no algorithm. In a duel the
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

/** Set behind the cores of a row that must not be read like the others. */
export function mark({ validity }: Finding): string {
  return { valid: '', oversubscribed: '†', invalid: '!' }[validity]
}

/** The cores of a row with its mark; what balances nothing has none. */
export function cores({ arm, finding }: Row): string {
  return `${arm.algorithm === 'none' ? '–' : arm.cores}${mark(finding)}`
}
