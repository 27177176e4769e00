import type { Arm, Plan } from '../plan/plan.ts'
import type { TargetOptions } from './target.ts'

/** Ports that stand for those that the kernel chooses when a trial starts. */
const samplePorts = { target: 8080, firstBackend: 3001 }

/** The options of a target for an arm, with placeholders for the ports and the temporary directory. */
export function sampleOptions(arm: Arm, plan: Pick<Plan, 'backends' | 'settings'>): TargetOptions {
  return {
    arm,
    backends: plan.backends.map(({ weight }, i) => ({
      url: new URL(`http://127.0.0.1:${samplePorts.firstBackend + i}/`),
      weight,
    })),
    folder: '{scratch}',
    seed: 1,
    port: samplePorts.target,
    settings: plan.settings?.[arm.target],
  }
}
