import type { Arm, Plan } from '../plan/plan.ts'
import type { TargetOptions } from './target.ts'

/** Ports that stand for those that the kernel chooses when a trial starts. */
const samplePorts = { target: 8080, firstBackend: 3001 }

/** What a target would be asked for an arm, with ports and a folder that only stand for the real ones. */
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
