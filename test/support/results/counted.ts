import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { applyGates } from '../../../src/experiment/gates/apply-gates.ts'
import { gateRule } from '../../../src/experiment/gates/gate-rule.ts'
import type { Measurement, ResultDocument } from '../../../src/result/document.ts'

/**
 * The document with every trial counted. Other tests take the CPU away meanwhile, which rightly makes trials invalid; what
 * processes used for a request, and how requests were divided, is counted all the same.
 */
export function allCounted(document: ResultDocument): ResultDocument {
  const trials = document.trials.map(
    (one): Measurement => ({ ...one, verdict: { ...one.verdict, valid: true } }),
  )
  return { ...document, trials, findings: analyse(document.plan, trials, document.host.cpus) }
}

/** The document with every trial counted, and the gate of one rule. */
export async function counted(document: ResultDocument, rule: string): Promise<ResultDocument> {
  const order = { rules: [gateRule(rule)], strict: false, force: false, noise: undefined }
  return applyGates(allCounted(document), order)
}
