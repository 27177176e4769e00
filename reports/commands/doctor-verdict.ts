import { plural } from '../../src/kit/plural.ts'
import type { Diagnosis } from '../../src/result/diagnosis.ts'

/** What was examined, by the kind of a diagnosis. */
const subjects = {
  host: 'this host, for ',
  result: 'result ',
  balancer: 'running balancer ',
} as const

/** What was examined, in a few words. */
export function subjectOf({ of, subject }: Diagnosis): string {
  return `${subjects[of]}${subject}`
}

/** The answer in one line: what is bad, or that nothing is, and how many checks were made. */
export function verdictOf({ of, checks, symptoms }: Diagnosis): string {
  const all = [...checks, ...symptoms]
  const count = (state: string) => all.filter((one) => one.state === state).length
  const [bad, warn, unknown, ok] = [count('bad'), count('warn'), count('unknown'), count('ok')]
  const rest = [
    ...(unknown > 0 ? [`${unknown} without figures`] : []),
    `${ok} of ${plural(all.length, 'check')} ok`,
  ].join(', ')
  if (of === 'result') {
    const found = bad === 0 ? 'No symptom found' : `${plural(bad, 'symptom')} found`
    return `${found}: ${rest}`
  }
  const parts = [...(bad > 0 ? [`${bad} bad`] : []), ...(warn > 0 ? [plural(warn, 'warning')] : [])]
  return `${parts.length === 0 ? 'Nothing found' : parts.join(', ')}: ${rest}`
}
