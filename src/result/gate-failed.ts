import type { Gate } from './document.ts'

/** Whether a gate failed the run: by what was found, or because nothing could be and that was not to pass. */
export function gateFailed({ state, strict }: Pick<Gate, 'state' | 'strict'>): boolean {
  return state === 'fail' || (strict && state === 'unclear')
}
