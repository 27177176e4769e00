import { z } from 'zod'

/** How many requests whoever a key stands for may make. */
export const requestLimitSettings = z.strictObject({
  /** Requests a second in the long run. */
  rate: z.number().positive(),
  /** Requests at once; left out: as many as in one second. */
  burst: z.number().min(1).optional(),
  /** What tells clients apart: as the balancer's own `key`. Who lacks it is told by the address. */
  key: z.string().default('client-ip'),
  /** Clients that are told apart. */
  clients: z.int().positive().default(65_536),
})
export type RequestLimitSettings = z.output<typeof requestLimitSettings>
