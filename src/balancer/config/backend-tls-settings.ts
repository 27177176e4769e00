import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** How the certificates of `https://` backends are verified. */
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

/** The settings with the content of the file in `ca`. */
export type BackendTls = z.output<typeof backendTlsSettings>

function readCertificates(path: string, context: z.RefinementCtx): string {
  try {
    const text = readFileSync(path, 'latin1')
    // Loaded only when needed: node:crypto takes memory in every thread.
    const { X509Certificate } = process.getBuiltinModule('node:crypto')
    new X509Certificate(text)
    return text
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason =
      code === 'ENOENT' ? 'does not exist' : `cannot be read as PEM certificates: ${message}`
    context.addIssue({ code: 'custom', message: `"${path}" ${reason}` })
    return z.NEVER
  }
}
