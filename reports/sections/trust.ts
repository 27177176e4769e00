import { plural } from '../../src/kit/plural.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { type Cause, causesOf } from './causes.ts'

/** How far the figures of a run can be relied on, as one word with its reasons. */
export interface Trust {
  readonly word: 'HIGH' | 'MEDIUM' | 'LOW'
  /** A clause for each reason, the weightiest first; never empty. */
  readonly reasons: readonly string[]
}

/**
 * `LOW`: an arm has no valid trial, a fourth of the trials was discarded, requests failed, or the run was cut short.
 * `MEDIUM`: something qualifies the figures, or throughputs are lower bounds. `HIGH`: neither.
 */
export function trustOf(document: ResultDocument): Trust {
  const causes = causesOf(document)
  const missing = armsWithoutTrial(document)
  const bounds = document.findings.filter(
    ({ isLowerBound, validity }) => isLowerBound && validity === 'valid',
  )
  const reasons = [
    ...causes.filter(({ isSerious }) => isSerious).map(causeLine),
    ...missing,
    ...causes.filter(({ isSerious }) => !isSerious).map(causeLine),
  ]
  if (missing.length > 0 || causes.some(({ isSerious }) => isSerious)) {
    return { word: 'LOW', reasons }
  }
  if (reasons.length > 0) return { word: 'MEDIUM', reasons }
  if (bounds.length > 0) {
    return {
      word: 'MEDIUM',
      reasons: ['throughputs are lower bounds: the target was not the limit'],
    }
  }
  return { word: 'HIGH', reasons: [validWords(document)] }
}

/** A cause with what to do about it. */
function causeLine({ words, advice }: Cause): string {
  return advice === '' ? words : `${words} → ${advice}`
}

function armsWithoutTrial({ findings }: ResultDocument): string[] {
  const invalid = findings.filter(({ validity }) => validity === 'invalid')
  if (invalid.length === 0) return []
  const phases = new Set(findings.map(({ phase }) => phase))
  // An arm without a valid trial in one phase can have figures of the other, so each phase is named with its own.
  const byPhase = Map.groupBy(invalid, ({ phase }) => phase)
  const lists = [...byPhase].map(([phase, found]) => ({ phase, names: shownNames(found) }))
  const [first, second] = lists
  if (phases.size < 2) return [`no valid trial of ${first?.names}`]
  if (lists.length > 1 && first?.names === second?.names) {
    return [`no valid trial of ${first?.names} in either phase`]
  }
  return [
    `no valid trial ${lists.map(({ phase, names }) => `of ${names} in the ${phase} phase`).join(', ')}`,
  ]
}

function shownNames(findings: ResultDocument['findings']): string {
  const names = [...new Set(findings.map(({ arm }) => arm))]
  return names.length > 3 ? plural(names.length, 'arm') : names.join(', ')
}

function validWords({ trials }: ResultDocument): string {
  if (trials.length === 2) return 'both trials are valid'
  return trials.length === 1 ? 'the trial is valid' : `all ${trials.length} trials are valid`
}
