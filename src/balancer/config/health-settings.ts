import { z } from 'zod'
import { seconds } from './duration-setting.ts'
import { zoneSettings } from './zone-settings.ts'

const share = z.number().min(0).max(1)
const status = z.int().min(100).max(599)

const passive = z.strictObject({
  failures: z
    .int()
    .nonnegative()
    .default(5)
    .describe('Failures in a row, over all workers, after which a backend is ejected; 0: never.'),
  ejection: seconds
    .default(10)
    .describe('Seconds of the first ejection; the n-th lasts n times as long.'),
  maxEjection: seconds.default(300).describe('Maximum seconds of an ejection.'),
  statuses: z
    .array(status)
    .default([])
    .describe(
      'Statuses that count as failures, besides no response. A client that may ask for a page with such a status can have its backend ejected.',
    ),
})

const active = z
  .strictObject({
    path: z.string().startsWith('/').default('/').describe('Path of the GET request.'),
    interval: seconds
      .default(5)
      .describe('Seconds from the start of one check to the start of the next.'),
    timeout: seconds
      .default(2)
      .describe(
        'Seconds until the head of the response must be complete. Not more than `interval`.',
      ),
    rise: z.int().positive().default(2).describe('Successes in a row after which a backend is up.'),
    fall: z
      .int()
      .positive()
      .default(3)
      .describe('Failures in a row after which a backend is down.'),
    statuses: z
      .tuple([status, status])
      .refine(([min, max]) => min <= max, 'must be the lowest and then the highest')
      .default([200, 399])
      .describe('Lowest and highest status of a success.'),
  })
  .refine(({ timeout, interval }) => timeout <= interval, 'timeout must not exceed interval')

/** Health checks, ejection and slow start. */
export const healthSettings = z.strictObject({
  zone: zoneSettings
    .optional()
    .describe(
      'Zone of the balancer, whose backends are preferred. Without it: all zones are alike.',
    ),
  passive: passive.prefault({}).describe('Passive health checks: failures of requests.'),
  active: active.optional().describe('Active health checks. Without it: none.'),
  maxEjectedShare: share
    .default(0.5)
    .describe(
      'Maximum share of the backends that passive checks eject at once, rounded down: a single backend is never ejected.',
    ),
  panicThreshold: share
    .default(0)
    .describe(
      'Share of healthy backends below which health is ignored; 0: never, and 503 if none is healthy.',
    ),
  slowStart: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Seconds over which a backend that returns grows to its share; 0: at once.'),
})
export type HealthSettings = z.output<typeof healthSettings>

/** How backends are checked. */
export type ActiveSettings = NonNullable<HealthSettings['active']>
