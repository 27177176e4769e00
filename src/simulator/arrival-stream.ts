import { log } from '../kit/portable-math.ts'
import type { Random } from '../kit/random.ts'
import { EventQueue } from './event-queue.ts'
import type { Arrivals } from './options.ts'

/** Arrivals one after the other. */
export interface ArrivalStream {
  /** Time of the next arrival in seconds, never before the last one; infinity if there is none. */
  next(): number
  /** Key that came with the last arrival: of its session, or of the trace. */
  readonly key: string | undefined
}

export function arrivalStream(arrivals: Arrivals, random: Random): ArrivalStream {
  switch (arrivals.kind) {
    case 'constant':
      return evenly(arrivals.rate)
    case 'poisson':
      return gaps(() => exponential(random, 1 / arrivals.rate))
    case 'bursts':
      return bursts(arrivals, random)
    case 'sessions':
      return sessions(arrivals, random)
    case 'trace':
      return trace(arrivals)
  }
}

/** Requests per second in the long run. */
export function rateOf(arrivals: Arrivals): number {
  if (arrivals.kind !== 'trace') return arrivals.rate
  const { times } = arrivals
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0)
  return span > 0 ? (times.length - 1) / span : 0
}

/** The address of a client, which hash algorithms take as key: each in a network of its own, up to 4 million. */
export function clientKey(number: number): string {
  return `${10 + ((number >> 16) & 63)}.${(number >> 8) & 255}.${number & 255}.7`
}

function exponential(random: Random, mean: number): number {
  return -mean * log(1 - random())
}

function evenly(rate: number): ArrivalStream {
  let count = 0
  // A product and not a sum, whose error would grow.
  return { next: () => ++count / rate, key: undefined }
}

function gaps(gap: () => number): ArrivalStream {
  let now = 0
  return {
    next() {
      now += gap()
      return now
    },
    key: undefined,
  }
}

/** Competing exponentials: the next arrival in this state, or the end of the state, whichever is first. */
function bursts(
  { rate, factor, share, seconds }: Extract<Arrivals, { kind: 'bursts' }>,
  random: Random,
): ArrivalStream {
  const quietRate = rate / (1 - share + share * factor)
  const quietSeconds = (seconds * (1 - share)) / share
  let isBurst = random() < share
  let left = exponential(random, isBurst ? seconds : quietSeconds)
  return gaps(() => {
    let waited = 0
    for (;;) {
      const gap = exponential(random, 1 / (isBurst ? quietRate * factor : quietRate))
      if (gap < left) {
        left -= gap
        return waited + gap
      }
      waited += left
      isBurst = !isBurst
      left = exponential(random, isBurst ? seconds : quietSeconds)
    }
  })
}

function sessions(
  { rate, requests, pause }: Extract<Arrivals, { kind: 'sessions' }>,
  random: Random,
): ArrivalStream {
  const begins = gaps(() => exponential(random, requests / rate))
  const further = new EventQueue()
  let begin = begins.next()
  let begun = 0
  const stream = {
    key: undefined as string | undefined,
    next() {
      const isFirst = begin <= further.next
      const now = isFirst ? begin : further.next
      const session = isFirst ? begun++ : further.take()
      if (isFirst) begin = begins.next()
      // Geometric: after each request it ends with probability 1 / mean.
      if (random() >= 1 / requests) further.add(now + exponential(random, pause), session)
      stream.key = clientKey(session)
      return now
    },
  }
  return stream
}

function trace({ times, keys }: Extract<Arrivals, { kind: 'trace' }>): ArrivalStream {
  const start = times[0] ?? 0
  let index = 0
  const stream = {
    key: undefined as string | undefined,
    next() {
      if (index >= times.length) return Number.POSITIVE_INFINITY
      stream.key = keys?.[index]
      return (times[index++] as number) - start
    },
  }
  return stream
}
