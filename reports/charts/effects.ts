import type { ResultDocument } from '../../src/result/document.ts'
import { byEffect, decidingEffect, tuneSentences } from '../sections/tune.ts'
import { chart as forest } from './changes.ts'
import type { Chart } from './chart.ts'

/** The effects of knobs with their intervals, sorted: the metric that decided of each. */
export function effects(document: ResultDocument): Chart[] {
  const { tune } = document
  if (tune === undefined) return []
  const rows = [...byEffect(tune.knobs), ...(tune.twin ? [tune.twin] : [])].flatMap(
    (one) => decidingEffect(one) ?? [],
  )
  if (rows.length === 0) return []
  return [
    {
      ...forest(rows),
      ...{ name: 'effects', title: `Effects on ${tune.target}`, topic: 'changes' as const },
      finding: tuneSentences(document)[0] ?? '',
    },
  ]
}
