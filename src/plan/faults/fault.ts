import { z } from 'zod'

/** What a fault does to a backend. */
const faultKind = z.discriminatedUnion('kind', [
  /** Its process is gone: its port refuses, and the kernel closes its connections. */
  z.strictObject({ kind: z.literal('kill') }),
  /** Killed, and started again at once. */
  z.strictObject({ kind: z.literal('restart') }),
  /** It works so many times as long on each request. */
  z.strictObject({ kind: z.literal('slow'), times: z.number().positive() }),
  /** It answers this share of the requests with 500. */
  z.strictObject({ kind: z.literal('errors'), share: z.number().positive().max(1) }),
  /** It answers each request with a reset (TCP RST). */
  z.strictObject({ kind: z.literal('reset') }),
  /** It takes connections and requests, and answers nothing until it is well again. */
  z.strictObject({ kind: z.literal('hang') }),
])
export type FaultKind = z.infer<typeof faultKind>

/** What befalls one backend, in seconds since the window opened. */
export const fault = z.strictObject({
  at: z.number().nonnegative(),
  /** When it is undone; without it, never within the window. */
  until: z.number().nonnegative().optional(),
  /** From 1. */
  backend: z.int().positive(),
  ails: faultKind,
})
export type Fault = z.infer<typeof fault>

/** Bins that a timeline has at most, so that a document stays small however long the window is. */
const mostBins = 600
/** Requests that a p99 takes: ten lie beyond it. */
const enoughForP99 = 1000

/** How finely a trial with faults is watched. */
export interface Resolution {
  /** Seconds of one bin: a tenth, or more in a window of more than a minute. */
  readonly binSeconds: number
  /** Bins of the window. */
  readonly bins: number
  /** Bins over which one p99 is taken: a second, or as many as it takes requests. */
  readonly binsPerP99: number
}

/** How finely to watch a window of so many seconds, at so many requests a second. */
export function resolutionOf(duration: number, rate: number): Resolution {
  const tenths = Math.ceil((duration * 10) / mostBins - 1e-9)
  const binSeconds = Math.max(1, tenths) / 10
  const secondsPerP99 = Math.ceil(enoughForP99 / rate)
  return {
    binSeconds,
    bins: Math.ceil(duration / binSeconds - 1e-9),
    binsPerP99: Math.ceil(secondsPerP99 / binSeconds - 1e-9),
  }
}
