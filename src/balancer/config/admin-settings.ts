import { z } from 'zod'

/** Where the admin port is, and who may change something there. */
export const adminSettings = z.strictObject({
  /** Loopback, unless it is to be seen from elsewhere. Whoever reaches the port may read all of it. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 lets the kernel choose. */
  port: z.int().min(0).max(65_535),
  /** What whoever changes something must show, as a bearer token; left out: no changes. */
  token: z
    .string()
    .regex(/^[\w.~+/-]{16,}=*$/, 'must be 16 or more of A–Z a–z 0–9 - . _ ~ + /')
    .optional(),
})
export type AdminSettings = z.output<typeof adminSettings>
