import { z } from 'zod'
import { reason } from '../reason.ts'
import { engine } from './engine.ts'
import { host } from './host.ts'
import { knee } from './knee.ts'
import { loadStep } from './load-step.ts'
import { slow } from './slow.ts'
import { thresholdOutcome } from './threshold-outcome.ts'
import { bytes, count, histogram, seconds } from './values.ts'

/** Version of this schema. */
export const loadResultVersion = 1

const counts = z.record(z.string(), count)

/** One stage of a load test. */
const stage = z.strictObject({
  name: z.string(),
  seconds: z.number().positive(),
  model: z.enum(['open', 'closed']),
  /** Visits per second, or users, at its begin and at its end. */
  from: z.number().nonnegative(),
  to: z.number().nonnegative(),
  /** Open model: visits that the plan has, and that began. Closed model: user-seconds. */
  planned: z.number().nonnegative(),
  sent: z.number().nonnegative(),
  /** False where it was sent less, or more, than 0.5 % off its plan, or was not run to its end. */
  valid: z.boolean(),
  /** Visits that began; that came to their end; and that ended early. */
  visits: count,
  finished: count,
  cut: count,
  /** Visits that were due and never began, by reason. */
  notSent: counts,
  /** How late visits began after they were due. */
  lateness: histogram,
  /** By name of the step. */
  steps: z.record(z.string(), loadStep),
})

/** A part of the course of the load: all of its samples of one stage. */
const bin = z.strictObject({
  /** Its end, in ms from the begin of the load, and its length. */
  atMs: z.number().nonnegative(),
  ms: z.number().positive(),
  /** Index of the stage. */
  stage: count,
  /** Open model: visits per second. Closed model: users. */
  planned: z.number().nonnegative(),
  sent: z.number().nonnegative(),
  ok: count,
  failed: count,
  checksFailed: count,
  /** Percentiles in seconds; null where nothing responded. */
  p50: seconds.nullable(),
  p95: seconds.nullable(),
  p99: seconds.nullable(),
})

/** A metric of the user's own code. */
const metric = z.strictObject({
  kind: z.enum(['trend', 'counter', 'rate', 'gauge']),
  count,
  sum: z.number(),
  last: z.number(),
  /** Values × 1,000. */
  trend: histogram.optional(),
})

/** The complete result of a load test: all that is stored, and enough to make any report from. */
export const loadResult = z.strictObject({
  format: z.literal('lb-load'),
  version: z.literal(loadResultVersion),
  lb: z.string(),
  createdAt: z.iso.datetime(),
  /** Arguments after `lb`. */
  command: z.array(z.string()),
  /** Name of the scenario, or the address that was loaded. */
  scenario: z.string(),
  /** The target, as reports name it. */
  target: z.string(),
  /** False when the run was interrupted or ended early: its later stages are missing or partial. */
  complete: z.boolean(),
  /** Why the code of a journey ended the load, where it did. */
  endedBy: z.string().optional(),
  host,
  seed: z.int(),
  /** Factor by which the times of the plan were multiplied. */
  timeScale: z.number().positive(),
  spacing: z.enum(['poisson', 'constant']),
  journeys: z.array(z.strictObject({ name: z.string(), weight: z.number().positive() })),
  /** Seconds from the first visit to the end of the last request. */
  seconds,
  stages: z.array(stage).min(1),
  /** Visits that were not over when the load ended. */
  unfinished: count,
  course: z.array(bin),
  metrics: z.record(z.string(), metric),
  drivers: z.strictObject({
    count: z.int().positive(),
    /** Fractions of the time in which the busiest driver had work, and in which the most stalled one was stalled. */
    busy: z.number().min(0),
    stalled: z.number().min(0),
    cpuSeconds: seconds,
    /** Fraction of the time that the user's own code took. */
    ownCode: z.number().min(0).optional(),
    /** Drivers that ended, failed or became silent: the result is degraded, and has their requests up to then. */
    lost: z.array(
      z.strictObject({
        number: z.int().positive(),
        detail: z.string(),
        /** Name of its host, where that is another one. */
        node: z.string().optional(),
        /** Seconds from the begin of the load up to which its requests are counted. */
        seconds: seconds.optional(),
      }),
    ),
    /** Drivers that measured other latencies than most of the others. Seconds. */
    differing: z
      .array(
        z.strictObject({
          number: z.int().positive(),
          of: z.int().positive(),
          p50Seconds: seconds,
          othersP50Seconds: seconds,
          distance: z.number().min(0).max(1),
        }),
      )
      .optional(),
  }),
  /** Of drivers on other hosts: how they were started, and how well their clocks are known. */
  engine: engine
    .extend({
      /** Milliseconds between the first driver that began and the last one, and the maximum error of that. */
      startSpreadMs: z.number().nonnegative().optional(),
      startBoundMs: z.number().nonnegative().optional(),
    })
    .optional(),
  thresholds: z.array(thresholdOutcome),
  /** Of the shape `knee` in the open model. */
  knee: knee.optional(),
  /** Causes of the slowest requests; absent in results of earlier versions. */
  slow: slow.optional(),
  /** CPU time and peak memory of the target and the backends that lb started. */
  processes: z.array(
    z.strictObject({
      role: z.enum(['target', 'driver', 'backends']),
      cpuSeconds: seconds,
      cpusGiven: z.number().positive(),
      rssPeak: bytes,
    }),
  ),
  /** What disturbed the load on its host or nodes; absent in results of earlier versions. */
  disturbances: z.array(reason).optional(),
})
export type LoadResult = z.infer<typeof loadResult>
