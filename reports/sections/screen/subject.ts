import { plural } from '../../../src/kit/plural.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { baseName } from '../comparisons.ts'

/** What was measured, the weightiest first: `3 algorithms on 1 core`, `6 trials each`, `40 connections`, `3 backends`. */
export function subject(document: ResultDocument): string[] {
  const { plan } = document
  const base = baseName(document)
  const arms = plan.arms.filter(({ algorithm }) => algorithm !== 'none')
  const cores = [...new Set(arms.map((arm) => arm.cores))]
  const others = [...new Set(plan.arms.map(({ target }) => target))]
  const things = thingsOf(document, arms)
  return [
    ...(base === undefined ? [] : [`against ${base}`]),
    // A URL, or the backends alone: neither an algorithm nor a number of cores is ours.
    arms.length === 0
      ? others.join(', ')
      : `${things} on ${cores.length === 1 ? plural(cores[0] ?? 1, 'core') : `${cores.join(', ')} cores`}`,
    `${plural(plan.blocks, 'trial')} each`,
    plural(plan.connections, 'connection'),
    ...(plan.visits ? [plural(plan.visits.journeys.length, 'journey')] : []),
    plural(plan.backends.length, 'backend'),
  ]
}

/** What differs between the arms: `3 algorithms`, `nginx round-robin`. */
function thingsOf({ tune }: ResultDocument, arms: ResultDocument['plan']['arms']): string {
  if (tune !== undefined) return plural(tune.knobs.length, 'change')
  const targets = new Set(arms.map(({ target }) => target))
  const algorithms = new Set(arms.map(({ algorithm }) => algorithm))
  if (targets.size > 1) return plural(targets.size, 'target')
  if (algorithms.size > 1) return plural(algorithms.size, 'algorithm')
  return `${arms[0]?.target === 'reference' ? '' : `${arms[0]?.target ?? ''} `}${arms[0]?.algorithm ?? ''}`
}
