import { z } from 'zod'
import { isServer } from './is-server.ts'

/** How the names of backends are looked up. */
export const resolverSettings = z.strictObject({
  servers: z
    .array(z.string().refine(isServer, 'must be an IP address, with or without a port'))
    .min(1)
    .optional()
    .describe(
      'Name servers, as `ADDRESS` or `ADDRESS:PORT`. Without it: those of /etc/resolv.conf.',
    ),
  refresh: z
    .number()
    .positive()
    .optional()
    .describe(
      'Seconds after which a name is looked up again. Without it: its TTL, from 1 to 300 s.',
    ),
  timeout: z
    .number()
    .positive()
    .default(2)
    .describe('Seconds that one lookup may take, with its repetitions and search domains.'),
})
export type ResolverSettings = z.output<typeof resolverSettings>
