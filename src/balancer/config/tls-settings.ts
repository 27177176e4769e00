import { z } from 'zod'

/** Who the balancer is to its clients. Both files are PEM. */
export const tlsSettings = z.strictObject({
  /** The file with its certificate, and those between that and a root behind it. */
  certificate: z.string().min(1),
  /** The file with the private key of the first. */
  key: z.string().min(1),
})
