import { bounds } from '../../kit/bounds.ts'
import { duration } from '../../kit/duration.ts'

/** A pause between two steps, in seconds. */
export type Pause =
  | { readonly kind: 'fixed'; readonly seconds: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }

/** What a pause may look like; for messages and the reference. */
export const pauseRemedy = 'give a pause such as 1s, "exponential 1s" or "0.5s to 2s"'

/** A pause as written; undefined where it is none. */
export function pauseOf(value: unknown): Pause | undefined {
  if (typeof value !== 'string') return value === 0 ? { kind: 'fixed', seconds: 0 } : undefined
  const [, mean] = /^exponential\s+(\S+)$/.exec(value.trim()) ?? []
  if (mean !== undefined) {
    const seconds = within(mean)
    return seconds === undefined || seconds === 0
      ? undefined
      : { kind: 'exponential', mean: seconds }
  }
  const [, low, high] = /^(?:uniform\s+)?(\S+)\s+to\s+(\S+)$/.exec(value.trim()) ?? []
  if (low !== undefined && high !== undefined) {
    const [from, to] = [within(low), within(high)]
    return from === undefined || to === undefined || from > to
      ? undefined
      : { kind: 'uniform', from, to }
  }
  const seconds = within(value)
  return seconds === undefined ? undefined : { kind: 'fixed', seconds }
}

function within(text: string): number | undefined {
  const seconds = duration(text)
  return seconds !== undefined && seconds <= bounds.seconds ? seconds : undefined
}
