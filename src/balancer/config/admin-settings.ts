import { z } from 'zod'

/** The admin port. */
export const adminSettings = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on. Everyone who can connect can read everything.'),
  port: z.int().min(0).max(65_535).describe('Port; 0: the kernel chooses one.'),
  names: z
    .array(z.string().regex(/^[\w.-]+$/, 'must be a host name'))
    .default([])
    .describe(
      'Further host names by which the admin port is reached. Requests whose Host is neither one of them, nor `host`, `localhost` or an IP address are refused with 421.',
    ),
  token: z
    .string()
    .regex(/^[\w.~+/-]{16,}=*$/, 'must be 16 or more characters of A–Z a–z 0–9 - . _ ~ + /')
    .optional()
    .describe(
      'Bearer token that authorises changes and profiles, 16 characters or more. Without it: neither.',
    ),
  profiling: z
    .boolean()
    .default(false)
    .describe(
      'Whether profiles can be taken at `/debug/pprof/` with the token: see [profiling](../guide/profiling.md).',
    ),
})
export type AdminSettings = z.output<typeof adminSettings>
