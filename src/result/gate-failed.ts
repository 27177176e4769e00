import type { Gate } from './document.ts'

/** Whether a gate fails the run: its state is `fail`, or `inconclusive` with `--on-inconclusive fail`. */
export function gateFailed({ state, strict }: Pick<Gate, 'state' | 'strict'>): boolean {
  return state === 'fail' || (strict && state === 'inconclusive')
}
