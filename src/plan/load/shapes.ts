import type { Stage } from './load-plan.ts'
import type { Level } from './stage-text.ts'
import { chained } from './stages.ts'

/** Names of the ready shapes. */
export const shapes = ['smoke', 'ramp', 'steps', 'spike', 'soak', 'knee'] as const
export type Shape = (typeof shapes)[number]

/** The stages of a shape, whose highest level is `peak` and whose usual length is in minutes. */
export function shapeStages(shape: Shape, { model, level: peak }: Level): Stage[] {
  const at = (share: number): Level => ({
    model,
    level: model === 'closed' ? Math.max(1, Math.round(peak * share)) : peak * share,
  })
  const hold = (name: string, seconds: number, share: number) => ({
    ...{ name, for: seconds, at: at(share) },
  })
  const ramp = (name: string, seconds: number, share: number) => ({
    ...{ name, for: seconds, to: share === 0 ? { model, level: 0 } : at(share) },
  })
  switch (shape) {
    case 'smoke':
      return chained([hold('smoke', 10, 1)])
    case 'ramp':
      return chained([ramp('ramp up', 60, 1), hold('hold', 300, 1), ramp('ramp down', 60, 0)])
    case 'steps':
      return chained([1, 2, 3, 4, 5].map((n) => hold(`step ${n}`, 60, n / 5)))
    case 'spike':
      return chained([
        hold('before', 60, 0.1),
        ramp('spike up', 5, 1),
        hold('spike', 30, 1),
        ramp('spike down', 5, 0.1),
        hold('after', 60, 0.1),
      ])
    case 'soak':
      return chained([
        ramp('ramp up', 120, 1),
        hold('soak', 4 * 3600, 1),
        ramp('ramp down', 120, 0),
      ])
    case 'knee':
      return chained([
        ramp('up', 120, 1),
        ramp('down', 120, 0),
        // In the open model the rates follow from the knee that the ramps show: src/app/load-knee.ts.
        ...[80, 90, 100, 110, 120].map((part) => hold(`hold ${part} %`, 30, part / 200)),
      ])
  }
}
