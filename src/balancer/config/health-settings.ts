import { z } from 'zod'

const seconds = z.number().positive()
const share = z.number().min(0).max(1)
const status = z.int().min(100).max(599)

const passive = z.strictObject({
  /** Failures in a row, over all workers, that take a backend out; 0: none ever do. */
  failures: z.int().nonnegative().default(5),
  /** Seconds for which the first ejection lasts; the n-th lasts n times as long. */
  ejection: seconds.default(10),
  /** Seconds that no ejection exceeds. */
  maxEjection: seconds.default(300),
  /** Statuses of a backend that count as failures, beside no answer at all. */
  statuses: z.array(status).default([502, 503, 504]),
})

const active = z
  .strictObject({
    /** What is asked for, with GET. */
    path: z.string().startsWith('/').default('/'),
    /** Seconds from the start of one check to the start of the next. */
    interval: seconds.default(5),
    /** Seconds until an answer's head must have come. */
    timeout: seconds.default(2),
    /** Checks in a row that must pass before a backend that is down is up. */
    rise: z.int().positive().default(2),
    /** Checks in a row that must fail before a backend that is up is down. */
    fall: z.int().positive().default(3),
    /** The least and the greatest status that pass. */
    statuses: z
      .tuple([status, status])
      .refine(([least, most]) => least <= most, 'must be the least and then the greatest')
      .default([200, 399]),
  })
  .refine(({ timeout, interval }) => timeout <= interval, 'timeout must not exceed interval')

/** What decides whether a backend gets traffic. */
export const healthSettings = z.strictObject({
  passive: passive.prefault({}),
  /** Checks of our own, besides what requests show; left out: none. */
  active: active.optional(),
  /**
   * The share of the backends that failures of requests may take out at once. Rounded down: a half
   * of one backend is none, so that a single backend is always tried.
   */
  maxEjectedShare: share.default(0.5),
  /** Below this share of healthy backends health is ignored; 0: never, and 503 when none is healthy. */
  panicThreshold: share.default(0),
  /** Seconds over which the traffic of a backend that returns grows to its share; 0: at once. */
  slowStart: z.number().nonnegative().default(0),
})
export type HealthSettings = z.output<typeof healthSettings>

/** How backends are checked. */
export type ActiveSettings = NonNullable<HealthSettings['active']>
