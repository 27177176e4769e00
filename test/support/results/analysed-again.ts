import { analyse } from '../../../src/experiment/findings/analyse.ts'
import { comparisons } from '../../../src/experiment/findings/comparisons.ts'
import { curves } from '../../../src/experiment/findings/curves.ts'
import { marginsOf } from '../../../src/experiment/findings/margins.ts'
import { answerOf } from '../../../src/experiment/run/answer.ts'
import type { ResultDocument } from '../../../src/result/document.ts'

/** A result of a plain run whose findings, comparisons, answer and curves were made again from its trials. */
export function analysedAgain(document: ResultDocument): ResultDocument {
  const { plan, trials, host } = document
  const cpus = host.cpusAvailable
  const findings = analyse(plan, trials, cpus)
  const margin = marginsOf(undefined)
  const compared = comparisons(plan, trials, { margin, cpus, findings })
  return {
    ...document,
    findings,
    comparisons: compared,
    answer: answerOf({ plan, host, measured: trials, findings, comparisons: compared, margin }),
    curves: curves(plan, findings),
  }
}
