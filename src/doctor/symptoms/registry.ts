import type { SymptomCheck } from '../../result/diagnosis.ts'
import { badTail } from './bad-tail.ts'
import { connectionErrors } from './connection-errors.ts'
import { highCpu } from './high-cpu.ts'
import { highLatency } from './high-latency.ts'
import { highMemory } from './high-memory.ts'
import type { Evidence } from './observed.ts'
import { plateau } from './plateau.ts'
import { serverErrors } from './server-errors.ts'
import type { Symptom } from './symptom.ts'
import { unevenShares } from './uneven-shares.ts'

/** Every symptom, in the order in which reports show them. */
const symptoms: readonly Symptom[] = [
  connectionErrors,
  serverErrors,
  highLatency,
  badTail,
  plateau,
  unevenShares,
  highCpu,
  highMemory,
]

/** All symptoms of a result, each with the leaves that its evidence reaches. */
export function examineSymptoms(evidence: Evidence): SymptomCheck[] {
  return symptoms.map(({ name, title, examine }) => {
    const examined = examine(evidence)
    if ('missing' in examined) {
      return { name, title, state: 'unknown', found: examined.missing, leaves: [] }
    }
    const { found, leaves } = examined
    return { name, title, state: leaves.length > 0 ? 'bad' : 'ok', found, leaves }
  })
}
