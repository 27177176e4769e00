import type { Gate, ResultDocument } from '../../src/result/document.ts'
import { reasonWords } from './reasons.ts'

/** A line for each gate: its state, its rule, its arm, and what was measured. */
export function gateLines({ gates }: ResultDocument): string[] {
  return gates.map((gate) => `${gate.state}: ${gate.rule}, ${gate.arm}: ${gateReasons(gate)}`)
}

/** Measured value of a gate, and why it is inconclusive if it is. */
export function gateReasons({ reasons }: Gate): string {
  return reasons.map(reasonWords).join('; ')
}
