import type { Plan } from '../plan/plan.ts'
import { findTarget } from './find-target.ts'
import { sampleOptions } from './sample-order.ts'

/** What one arm would be started with. */
export interface Configuration {
  readonly arm: string
  readonly target: string
  /** The line that starts it, where that is one of shell. */
  readonly commandLine?: string
  /** The text of its file, or of what our balancer is told. */
  readonly text?: string
}

/**
 * What lb would start each arm with: ports of the kernel's choice stand as 8080, and 3001 and up, and its folder as
 * `{scratch}`. Without those that are not started at all.
 *
 * @throws {UsageError} a target cannot be configured so
 */
export function configurations(
  plan: Pick<Plan, 'arms' | 'backends' | 'settings'>,
): Configuration[] {
  return plan.arms.flatMap((arm) => {
    const target = findTarget(arm.target)
    const options = sampleOptions(arm, plan)
    const commandLine = target.commandLine?.(options)
    const text = target.configuration?.(options)
    if (commandLine === undefined && text === undefined) return []
    return [
      {
        ...{ arm: arm.name, target: arm.target },
        ...(commandLine !== undefined && { commandLine }),
        ...(text !== undefined && { text }),
      },
    ]
  })
}
