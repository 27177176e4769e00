import type { Gate } from './document.ts'
import { gateFailed } from './gate-failed.ts'

/** What all gates of a run say together. */
export type GateSignal = 'passed' | 'inconclusive' | 'failed'

/**
 * One signal for the exit code and every report: `failed` where a gate failed, otherwise `inconclusive` where one is,
 * since a gate that did not decide is no pass. Undefined without gates.
 */
export function gateSignal(
  gates: readonly Pick<Gate, 'state' | 'strict'>[],
): GateSignal | undefined {
  if (gates.length === 0) return undefined
  if (gates.some(gateFailed)) return 'failed'
  return gates.some(({ state }) => state === 'inconclusive') ? 'inconclusive' : 'passed'
}
