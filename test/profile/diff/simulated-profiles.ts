import { seeded } from '../../../src/kit/random.ts'
import type { FramePair } from '../../../src/profile/diff/diff-frames.ts'
import { type FrameCosts, frameCosts } from '../../../src/profile/diff/frame-costs.ts'
import type { Profile } from '../../../src/profile/profile.ts'

/** What a simulated balancer costs, and how its trials differ. */
interface Simulated {
  readonly seed: number
  readonly pairs?: number
  /** µs of CPU per request of a function that only the head has. */
  readonly planted?: number
}

const requests = 30_000
const frames = 60
const samplingMicros = 1000

/**
 * Pairs of profiles as a sampling profiler takes them: 60 functions with costs from 0.02 to 8 µs per request, one sample a
 * millisecond, and a speed of the host that drifts by 5 % from block to block.
 */
export function simulatedPairs({ seed, pairs = 8, planted = 0 }: Simulated): FramePair[] {
  const random = seeded(seed)
  return Array.from({ length: pairs }, () => {
    const speed = 0.95 + 0.1 * random()
    return {
      base: trial(random, { speed, planted: 0 }),
      head: trial(random, { speed, planted }),
    }
  })
}

function trial(
  random: () => number,
  { speed, planted }: { readonly speed: number; readonly planted: number },
): FrameCosts {
  const costs = Array.from({ length: frames }, (_, i) => 8 * 0.9 ** i)
  const samples = [...costs, planted].map((micros, i) => {
    // Each trial differs by 2 % besides its sampling error.
    const expected = ((micros * requests) / samplingMicros) * speed * (0.98 + 0.04 * random())
    return { stack: [i], value: poisson(expected, random) * samplingMicros }
  })
  const profile: Profile = {
    kind: 'cpu',
    unit: 'microseconds',
    seconds: 2,
    frames: samples.map((_, i) => ({
      name: i === frames ? 'planted' : `f${i}`,
      file: 'a',
      line: i,
    })),
    samples,
  }
  return frameCosts(profile, requests)
}

/** By counting exponential gaps: exact, and fast enough for some hundred samples. */
function poisson(mean: number, random: () => number): number {
  let count = -1
  for (let at = 0; at <= mean; count++) at -= Math.log(1 - random())
  return count
}
