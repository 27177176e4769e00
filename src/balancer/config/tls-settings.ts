import { z } from 'zod'

const certificate = z
  .string()
  .min(1)
  .describe('PEM file with the certificate, followed by the intermediate ones.')
const key = z.string().min(1).describe('PEM file with its private key, not encrypted.')

/** A certificate for some server names (SNI, RFC 6066, section 3). */
const namedCertificate = z.strictObject({
  certificate,
  key,
  names: z
    .array(z.string().regex(/^(\*\.)?[\w-]+(\.[\w-]+)*\.?$/, 'must be a host name or *.domain'))
    .min(1)
    .optional()
    .describe(
      'Server names that get it, such as `shop.test` or `*.shop.test`. Without it: the DNS names in the certificate.',
    ),
})

/** TLS for clients. All files are read again on SIGHUP. */
export const tlsSettings = z
  .strictObject({
    certificate,
    key,
    certificates: z
      .array(namedCertificate)
      .default([])
      .describe(
        'Further certificates, chosen by the server name that the client sends: an exact name before a wildcard. Other clients get `certificate`.',
      ),
    minVersion: z
      .enum(['TLSv1.2', 'TLSv1.3'])
      .default('TLSv1.2')
      .describe('Lowest version of TLS.'),
    clientCa: z
      .string()
      .min(1)
      .optional()
      .describe(
        'PEM file of certificates that must have signed those of clients. Without it clients are not asked for one.',
      ),
    verify: z
      .enum(['require', 'optional'])
      .default('require')
      .describe(
        'With `clientCa`, whether a client must have a certificate; one that cannot be verified is refused in both cases.',
      ),
    clientSubject: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be a header name')
      .optional()
      .describe(
        'Header in which backends get the subject of a verified client certificate (RFC 4514). One that a client sends is removed.',
      ),
  })
  .refine(({ clientCa, clientSubject }) => clientSubject === undefined || clientCa !== undefined, {
    path: ['clientSubject'],
    message: 'needs clientCa: without it no client has a verified certificate',
  })
export type TlsSettings = z.output<typeof tlsSettings>
