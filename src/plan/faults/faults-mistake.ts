import type { BackendPlan } from '../plan.ts'
import { type FaultStep, stepMistake } from './fault-steps.ts'

/** What a scenario with faults says besides. */
interface Asked {
  readonly faults?: readonly FaultStep[] | undefined
  readonly backends: readonly BackendPlan[]
  readonly duration: number
  readonly phase: string
  readonly rate?: number | undefined
  readonly control: boolean
  readonly targets: readonly string[]
}

/** A field that cannot be, and what to write instead. */
export interface FaultsMistake {
  readonly path: readonly (string | number)[]
  readonly remedy: string
}

/** Targets whose backends are not behind them, or are not ours to make fail. */
const without = ['url']

/**
 * What is wrong with a scenario's faults, and with what they need: one rate for all, in open loop, and
 * backends of ours behind every target. The `control` drives one backend, and says nothing of the others.
 */
export function faultsMistake(asked: Asked, control: string): FaultsMistake | undefined {
  const { faults, phase, rate, targets } = asked
  if (faults === undefined) return undefined
  if (phase !== 'latency') {
    return { path: ['phase'], remedy: 'write phase: latency: faults are shown at a given rate' }
  }
  if (rate === undefined) {
    return {
      path: ['rate'],
      remedy: 'give requests per second, such as 1000: faults are shown at a rate',
    }
  }
  if (asked.control) {
    return { path: ['control'], remedy: 'write control: false: it drives one backend alone' }
  }
  const target = targets.findIndex((name) => name === control || without.includes(name))
  if (target !== -1) {
    const remedy = 'leave it out: the backends with faults are not behind it'
    return { path: ['targets', target], remedy }
  }
  const found = stepMistake({ ...asked, faults })
  return found && { path: ['faults', found.step, found.field], remedy: found.remedy }
}
