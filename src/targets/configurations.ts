import type { Plan } from '../plan/plan.ts'
import { findTarget } from './find-target.ts'
import { sampleOptions } from './sample-options.ts'

/** The configuration and command line of one arm. */
export interface Configuration {
  readonly arm: string
  readonly target: string
  /** The command line that starts the target. */
  readonly commandLine?: string
  /** The text of its configuration: a file, or for the reference balancer JSON. */
  readonly text?: string
}

/**
 * The configuration of each arm as lb would write it. 8080, and 3001 and up, stand for ports that the kernel chooses, and
 * `{scratch}` for the temporary directory. Arms whose target is not started are left out.
 *
 * @throws {UsageError} a target cannot be configured with these options
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
