import { root } from '../../src/stats/numeric/root.ts'

/** What theory says of a queue, in mean service times: the mean time in the system and, where it is known, its tail. */
export interface ClosedForm {
  readonly mean: number
  /** P(time in the system > t). */
  readonly tail?: (t: number) => number
}

/** The time that the fraction `p` of the requests does not exceed. */
export function quantileOf(tail: (t: number) => number, p: number): number {
  let high = 1
  while (tail(high) > 1 - p) high *= 2
  return root((t) => tail(t) - (1 - p), 0, high)
}

/** M/M/1: the time in the system is exponential. */
export function mm1(load: number): ClosedForm {
  return exponential(1 - load)
}

/** M/G/1 by Pollaczek and Khinchine; `scv` is the squared coefficient of variation of the service time: 0 for M/D/1. */
export function mg1(load: number, scv: number): ClosedForm {
  return { mean: 1 + (load * (1 + scv)) / (2 * (1 - load)) }
}

/**
 * G/M/1 with Erlang-k gaps: one of k servers with exponential service under round robin; k = infinity: evenly spaced arrivals.
 * σ is the probability that an arrival finds the server busy, and the time in the system is exponential.
 * Source: Kleinrock, Queueing Systems I, section 6.4.
 */
export function ekm1(load: number, k: number): ClosedForm {
  const transform = (s: number) =>
    Number.isFinite(k) ? ((k * load) / (k * load + s)) ** k : Math.exp(-s / load)
  let sigma = load
  for (let i = 0; i < 10_000; i++) sigma = transform(1 - sigma)
  return exponential(1 - sigma)
}

/** M/M/c (Erlang C). Source: Gross and Harris, Fundamentals of Queueing Theory, section 2.3. */
export function mmc(load: number, servers: number): ClosedForm {
  const offered = load * servers
  const waits = erlangC(offered, servers)
  const drain = servers - offered
  return {
    mean: 1 + waits / drain,
    tail: (t) => {
      const alone = Math.exp(-t)
      if (Math.abs(drain - 1) < 1e-9) return (1 - waits) * alone + waits * (1 + t) * alone
      const both = (Math.exp(-drain * t) - drain * alone) / (1 - drain)
      return (1 - waits) * alone + waits * both
    },
  }
}

/** M/M/c/K: mean time of the requests that get in, and the fraction that does not. `room` is K − c, the places to wait. */
export function mmck(
  load: number,
  servers: number,
  room: number,
): ClosedForm & { readonly blocked: number } {
  const offered = load * servers
  const weights: number[] = [1]
  for (let n = 1; n <= servers + room; n++) {
    weights.push(((weights[n - 1] as number) * offered) / Math.min(n, servers))
  }
  const total = weights.reduce((sum, one) => sum + one, 0)
  const inSystem = weights.reduce((sum, one, n) => sum + n * one, 0) / total
  const blocked = (weights.at(-1) as number) / total
  return { mean: inSystem / (offered * (1 - blocked)), blocked }
}

/** An upper bound of the mean time in G/G/1 by Kingman, from the squared coefficients of variation of gaps and service. */
export function kingmanBound(load: number, gaps: number, service: number): number {
  return 1 + (gaps / load + load * service) / (2 * (1 - load))
}

/**
 * The shortest of d queues drawn at random, infinitely many backends: the fraction of the backends with i requests or more is
 * ρ^((d^i − 1)/(d − 1)). Source: Mitzenmacher, IEEE TPDS 12(10), 2001.
 */
export function powerOfChoices(load: number, choices: number): ClosedForm {
  let mean = 0
  for (let i = 1; i < 40; i++) mean += load ** ((choices ** i - choices) / (choices - 1))
  return { mean }
}

/** M/G/∞: nobody waits. */
export function noQueue(tail: (t: number) => number): ClosedForm {
  return { mean: 1, tail }
}

function exponential(rate: number): ClosedForm {
  return { mean: 1 / rate, tail: (t) => Math.exp(-rate * t) }
}

function erlangC(offered: number, servers: number): number {
  let [sum, term] = [0, 1]
  for (let k = 0; k < servers; k++) {
    sum += term
    term *= offered / (k + 1)
  }
  const queued = term / (1 - offered / servers)
  return queued / (sum + queued)
}
