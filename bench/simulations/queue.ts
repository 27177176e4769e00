import type { Random } from '../../src/kit/random.ts'

/** A queue of Poisson arrivals and exponential service, first come first served, with known truth. */
export interface QueueModel {
  readonly servers: number
  /** Limit of the p99, in seconds. The mean service time is 1 ms. */
  readonly limit: number
}

const meanServiceSeconds = 0.001

/** What one trial at a rate sees: requests in the window, and the fraction of them beyond the limit. */
export function trialOf(
  { servers, limit }: QueueModel,
  { rate, warmup, duration, random }: TrialOptions,
): { readonly requests: number; readonly share: number } {
  const free = new Float64Array(servers)
  const draw = (mean: number) => -mean * Math.log(1 - random())
  let [now, requests, beyond] = [0, 0, 0]
  for (;;) {
    now += draw(1 / rate)
    if (now > warmup + duration) break
    let next = 0
    for (let i = 1; i < servers; i++) if ((free[i] as number) < (free[next] as number)) next = i
    const done = Math.max(now, free[next] as number) + draw(meanServiceSeconds)
    free[next] = done
    if (now < warmup) continue
    requests++
    if (done - now > limit) beyond++
  }
  return { requests, share: requests === 0 ? 0 : beyond / requests }
}

interface TrialOptions {
  readonly rate: number
  /** Seconds before the window: the queue is empty at their start. */
  readonly warmup: number
  readonly duration: number
  readonly random: Random
}

/** The rate at which 1 % of the requests take longer than the limit, in the long run. */
export function capacityOf(model: QueueModel): number {
  let [low, high] = [1, model.servers / meanServiceSeconds - 1e-6]
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2
    if (tail(model, middle) > 0.01) high = middle
    else low = middle
  }
  return low
}

/** P(response time > limit) of M/M/c. Source: Gross and Harris, Fundamentals of Queueing Theory, section 2.3. */
function tail({ servers, limit }: QueueModel, rate: number): number {
  const service = 1 / meanServiceSeconds
  const offered = rate / service
  let [sum, term] = [0, 1]
  for (let k = 0; k < servers; k++) {
    sum += term
    term *= offered / (k + 1)
  }
  const queued = term / (1 - offered / servers)
  const waits = queued / (sum + queued)
  const drain = servers * service - rate
  const alone = Math.exp(-service * limit)
  if (servers === 1) return Math.exp(-drain * limit)
  const both = (service * Math.exp(-drain * limit) - drain * alone) / (service - drain)
  return (1 - waits) * alone + waits * both
}
