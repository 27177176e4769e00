import type { Arm } from '../plan/plan.ts'
import type { ChosenValue } from './choose-knobs.ts'

/** An arm with these knobs turned. */
export function turnedArm(arm: Arm, values: readonly ChosenValue[]): Arm {
  const turned = values.map(({ knob, setting, value }) => {
    const { arm: changed, ...turn } = setting.turn(value)
    return { changed, turn: { knob: knob.name, value, ...turn } }
  })
  const changes = Object.assign({}, ...turned.map(({ changed }) => changed)) as Partial<Arm>
  return { ...arm, ...changes, turns: turned.map(({ turn }) => turn) }
}
