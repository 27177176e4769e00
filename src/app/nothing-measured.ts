import type { Invocation } from '../cli/invocation.ts'

/** Reports, in place of a result, that a run ended before its first trial was over. */
export function noteNothingMeasured({ note }: Pick<Invocation, 'note'>): void {
  note('interrupted before the first trial was over: nothing was measured')
}
