import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { applyGates } from '../../../src/experiment/gates/apply-gates.ts'
import { gateRule } from '../../../src/experiment/gates/gate-rule.ts'
import type { Measurement, ResultDocument } from '../../../src/result/document.ts'

/**
 * The document with every trial counted, and the gate of one rule. Other tests take the CPU away meanwhile, which rightly
 * makes trials invalid; what the balancer itself used for a request is counted by the kernel all the same.
 */
export async function counted(document: ResultDocument, rule: string): Promise<ResultDocument> {
  const trials = document.trials.map(
    (one): Measurement => ({ ...one, verdict: { ...one.verdict, valid: true } }),
  )
  const findings = analyse(document.plan, trials, document.host.cpus)
  const order = { rules: [gateRule(rule)], strict: false, force: false, noise: undefined }
  return applyGates({ ...document, trials, findings }, order)
}
