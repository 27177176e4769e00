import { gaussian } from '../../../src/kit/gaussian.ts'
import { type Random, seeded } from '../../../src/kit/random.ts'
import { type FrameCosts, frameCosts } from '../../../src/profile/diff/frame-costs.ts'
import type { FramePair } from '../../../src/profile/diff/frame-pair.ts'
import type { Profile } from '../../../src/profile/profile.ts'

/** What a simulated balancer costs, and how its trials differ. */
interface Simulated {
  readonly seed: number
  readonly pairs?: number
  /** µs of CPU per request of a function that only the head has. */
  readonly planted?: number
  /** Seconds of each profile. */
  readonly seconds?: number
  /** Standard deviation of the logarithm of the speed of the host, from trial to trial. */
  readonly hostSpread?: number
  /** By how much each function of the head costs more than in the base. */
  readonly headFactor?: number
}

const frames = 60
const samplingMicros = 2000
/** Part of the time in which the thread is busy. */
const busy = 0.9

/**
 * Pairs of profiles as a sampling profiler takes them of a thread in a closed loop: 60 functions with costs from 0.02 to 8 µs
 * per request, one sample each 2 ms, and a host that is up to some times slower in one trial than in another. In half of the
 * trials, each eighth function is compiled into the one before it.
 */
export function simulatedPairs(options: Simulated): FramePair[] {
  const random = seeded(options.seed)
  return Array.from({ length: options.pairs ?? 6 }, () => ({
    base: trial(random, { ...options, planted: 0, headFactor: 1 }),
    head: trial(random, options),
  }))
}

function trial(random: Random, options: Simulated): FrameCosts {
  const { planted = 0, seconds = 0.7, hostSpread = 0.35, headFactor = 1 } = options
  const slowness = Math.exp(hostSpread * gaussian(random)())
  const costs = [...functions(random, headFactor), planted].map(
    // Each differs from trial to trial by 2 % besides its sampling error.
    (micros) => micros * slowness * (0.98 + 0.04 * random()),
  )
  const perRequest = costs.reduce((sum, micros) => sum + micros, 0)
  const requests = (busy * seconds * 1e6) / perRequest
  const samples = costs.map((micros, i) => ({
    stack: [i],
    value: poisson((micros * requests) / samplingMicros, random) * samplingMicros,
  }))
  const profile: Profile = {
    kind: 'cpu',
    unit: 'microseconds',
    seconds,
    frames: samples.map((_, i) => ({
      name: i === frames ? 'planted' : `f${i}`,
      file: 'a',
      line: i,
    })),
    samples,
  }
  return frameCosts(profile, requests)
}

function functions(random: Random, factor: number): number[] {
  const costs = Array.from({ length: frames }, (_, i) => factor * 8 * 0.9 ** i)
  for (let i = 8; i < frames; i += 8) {
    if (random() < 0.5) continue
    costs[i - 1] = (costs[i - 1] as number) + (costs[i] as number)
    costs[i] = 0
  }
  return costs
}

/** By counting exponential gaps: exact, and fast enough for some hundred samples. */
function poisson(mean: number, random: Random): number {
  let count = -1
  for (let at = 0; at <= mean; count++) at -= Math.log(1 - random())
  return count
}
