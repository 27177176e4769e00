import type { Turn } from '../plan/turn.ts'
import type { ChosenValue } from './choose-knobs.ts'

/** Whether two knobs change the same thing, so that they cannot be turned at once: `pooling=off` and `pool-size=4`. */
export function clash(one: ChosenValue, other: ChosenValue): boolean {
  const [a, b] = [one, other].map(({ setting, value }) => setting.turn(value))
  if (a === undefined || b === undefined) return false
  const facts = new Set(a.readBack.filter(isField).map(({ what }) => what))
  if (b.readBack.some((fact) => isField(fact) && facts.has(fact.what))) return true
  return (a.edits ?? []).some((edit) =>
    (b.edits ?? []).some((next) => excludes(edit, next) || excludes(next, edit)),
  )
}

type Edit = NonNullable<Turn['edits']>[number]

function isField({ from }: Turn['readBack'][number]): boolean {
  return from === 'settings' || from === 'environment' || from === 'workers'
}

/** Whether the text that `other` looks for is in the one that `edit` takes away. */
function excludes(edit: Edit, other: Edit): boolean {
  const isTouched = edit.find.includes(other.find) || other.find.includes(edit.find)
  return isTouched && !edit.put.includes(other.find)
}
