import type { HostCheck } from '../../src/result/host-check.ts'

/** What to do about a check in one clause; undefined where nothing is to be done. */
export function hostAdvice(check: HostCheck): string | undefined {
  if (check.state === 'ok' || check.state === 'unknown') return undefined
  const { change, advice } = check
  return change === undefined ? advice : `run "${change}"`
}
