import { z } from 'zod'

/**
 * The effect of a fault on a backend, by its kind. To add a new fault, a kind here, and: its syntax in fault-steps.ts (`action`,
 * `parseAction`); its effect in src/backend/fault-state.ts, or backend.ts (`setFault`) if it closes sockets; its words
 * in reports/sections/faults.ts (`effectText`) and docs/guide/faults.md. If it needs other rules: validate-steps.ts, and
 * src/experiment/findings/fault-findings.ts. Last, a row in docs/glossary.md, and `npm run docs`.
 */
const faultEffect = z.discriminatedUnion('kind', [
  /** The backend is down: its port refuses connections, and open connections are closed. */
  z.strictObject({ kind: z.literal('kill') }),
  /** Killed, and started again at once. */
  z.strictObject({ kind: z.literal('restart') }),
  /** Its service time is multiplied by `times`. */
  z.strictObject({ kind: z.literal('slow'), times: z.number().positive() }),
  /** It responds to this fraction of the requests with status 500. */
  z.strictObject({ kind: z.literal('errors'), share: z.number().positive().max(1) }),
  /** It resets the connection (TCP RST) of each request. */
  z.strictObject({ kind: z.literal('reset') }),
  /** It accepts connections and requests, and sends no response until the fault ends. */
  z.strictObject({ kind: z.literal('hang') }),
])
export type FaultEffect = z.infer<typeof faultEffect>

/** A fault of one backend. Times in seconds since the window opened. */
export const fault = z.strictObject({
  at: z.number().nonnegative(),
  /** When it ends; absent if it lasts to the end of the window. */
  until: z.number().nonnegative().optional(),
  /** Number of the backend, from 1. */
  backend: z.int().positive(),
  effect: faultEffect,
})
export type Fault = z.infer<typeof fault>

/** Maximum number of bins of a timeline, so that the document of a long window stays small. */
const maxBins = 600
/** Requests for one p99, so that ten lie beyond it. */
const requestsForP99 = 1000

/** Time resolution of a trial with faults. */
export interface Resolution {
  /** Seconds of one bin: 0.1, or more in a window of over a minute. */
  readonly binSeconds: number
  /** Bins of the window. */
  readonly bins: number
  /** Bins of one p99: a second, or as long as its requests take. */
  readonly binsPerP99: number
}

/** The time resolution of a window of `duration` seconds at `rate` requests per second. */
export function resolutionOf(duration: number, rate: number): Resolution {
  const tenths = Math.ceil((duration * 10) / maxBins - 1e-9)
  const binSeconds = Math.max(1, tenths) / 10
  const secondsPerP99 = Math.ceil(requestsForP99 / rate)
  return {
    binSeconds,
    bins: Math.ceil(duration / binSeconds - 1e-9),
    binsPerP99: Math.ceil(secondsPerP99 / binSeconds - 1e-9),
  }
}
