import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** How the certificates of backends at `https://` addresses are looked at. */
export const backendTlsSettings = z.strictObject({
  ca: z
    .string()
    .transform(readCertificates)
    .optional()
    .describe(
      "PEM file of certificates that may sign those of backends. Without it: Node's root certificates.",
    ),
  verify: z
    .boolean()
    .default(true)
    .describe(
      'Whether the certificate of a backend must be signed by one of them and name the backend.',
    ),
})

/** The same, with the certificates themselves. */
export type BackendTls = z.output<typeof backendTlsSettings>

function readCertificates(path: string, context: z.RefinementCtx): string {
  try {
    const text = readFileSync(path, 'latin1')
    // Only where there are such certificates: it takes memory in every thread.
    const { X509Certificate } = process.getBuiltinModule('node:crypto')
    new X509Certificate(text)
    return text
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read as certificates: ${message}`
    context.addIssue({ code: 'custom', message: `"${path}" ${why}` })
    return z.NEVER
  }
}
