import { z } from 'zod'

/** Who the balancer is to its clients. Both files are PEM. */
export const tlsSettings = z.strictObject({
  certificate: z
    .string()
    .min(1)
    .describe('PEM file with the certificate, followed by the intermediate ones.'),
  key: z.string().min(1).describe('PEM file with its private key, not encrypted.'),
})
