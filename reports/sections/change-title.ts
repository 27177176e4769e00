import { basename } from 'node:path'
import type { Comparison, ResultDocument } from '../../src/result/document.ts'
import { comparisonsWithBase } from './comparisons.ts'

/** The comparisons with another run or the A/B base, counted: `base → head: 2 worse, 1 better`. */
export function changeTitle(document: ResultDocument): string {
  const { baseline } = document
  const sides = baseline === undefined ? 'base → head' : `${basename(baseline.file)} → this run`
  const rows = comparisonsWithBase(document)
  const count = (outcome: Comparison['outcome']) =>
    rows.filter((one) => one.outcome === outcome).length
  const counted = (outcomes: readonly Comparison['outcome'][]) =>
    outcomes.flatMap((outcome) => (count(outcome) === 0 ? [] : [`${count(outcome)} ${outcome}`]))
  const decided = counted(['worse', 'better'])
  const others = counted(['same', 'inconclusive', 'too few trials'])
  if (rows.length === 0) return `${sides}: nothing could be compared`
  return `${sides}: ${(decided.length > 0 ? decided : others).join(', ')}`
}
