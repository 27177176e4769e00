import type { Fact } from '../../host/fact.ts'
import type { CheckOutcome } from '../../result/host-check.ts'
import type { AskedRun } from './asked-run.ts'
import type { DoctorFacts } from './doctor-facts.ts'

/** One property of the host: a pure function from facts to an outcome for a run. */
export interface Check {
  readonly name: string
  /** The name in words, for reports. */
  readonly title: string
  examine(facts: DoctorFacts, run: AskedRun): CheckOutcome
}

/** Judges a fact; one that could not be read is unknown, never ok. */
export function onFact<Value>(
  fact: Fact<Value>,
  judge: (value: Value) => CheckOutcome,
): CheckOutcome {
  return 'why' in fact
    ? { state: 'unknown', found: `not readable: ${fact.why}` }
    : judge(fact.value)
}
