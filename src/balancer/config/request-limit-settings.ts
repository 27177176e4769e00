import { z } from 'zod'

/** The rate limit of each client: a token bucket per key. */
export const requestLimitSettings = z.strictObject({
  rate: z.number().positive().describe('Requests per second in the long run.'),
  burst: z
    .number()
    .min(1)
    .optional()
    .describe('Requests at once. Without it: as many as in one second.'),
  key: z
    .string()
    .default('client-ip')
    .describe(
      'Key that identifies a client, written as the hash key `key`. A request without it is counted by its address.',
    ),
  ipv6Prefix: z
    .int()
    .min(1)
    .max(128)
    .default(64)
    .describe(
      'Bits of an IPv6 address that identify a client, which has all addresses of its network; 128: each address. IPv4-mapped addresses count as IPv4.',
    ),
  clients: z
    .int()
    .positive()
    .default(65_536)
    .describe(
      'Maximum number of clients tracked separately; beyond it the least recently seen are forgotten.',
    ),
  shards: z
    .int()
    .min(1)
    .max(65_536)
    .refine((shards) => Number.isInteger(Math.log2(shards)), 'must be a power of two')
    .default(64)
    .describe(
      'Parts of the state, a power of two, each with a lock: workers wait for each other only for clients of the same part.',
    ),
  shared: z
    .boolean()
    .default(true)
    .describe(
      'Whether the workers share the state; false: each has its own, without waiting for others. A client may then send `rate` to each worker, and a new configuration fills its buckets.',
    ),
})
export type RequestLimitSettings = z.output<typeof requestLimitSettings>
