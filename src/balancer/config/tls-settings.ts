import { z } from 'zod'

/** The certificate that the balancer presents to its clients. Both files are PEM. */
export const tlsSettings = z.strictObject({
  certificate: z
    .string()
    .min(1)
    .describe('PEM file with the certificate, followed by the intermediate ones.'),
  key: z.string().min(1).describe('PEM file with its private key, not encrypted.'),
})
