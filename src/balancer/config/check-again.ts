import { isDeepStrictEqual } from 'node:util'
import { checkInThread } from './check-in-thread.ts'
import type { BalancerSettings } from './config.ts'
import type { ConfigSource } from './config-source.ts'
import { type Problem, toError } from './problem.ts'
import { readTlsFiles, type TlsFiles } from './tls-identity.ts'

/** The configuration that is in force. */
interface InForce {
  readonly source: ConfigSource
  readonly settings: BalancerSettings
}

/**
 * Checks a configuration that replaces the one in force. Where it is the same and in no file, as that of flags is, only the files of
 * certificates are read: a renewed certificate is in use at once, and not after the start of a thread.
 *
 * @throws UsageError that names the invalid field, and how many more there are
 */
export async function checkAgain(
  source: ConfigSource,
  inForce: InForce | undefined,
): Promise<{ readonly settings: BalancerSettings; readonly tls: TlsFiles | undefined }> {
  if (inForce === undefined || !onlyCertificatesMayDiffer(source, inForce)) {
    return checkInThread(source)
  }
  const { settings } = inForce
  if (settings.tls === undefined) return { settings, tls: undefined }
  const read = readTlsFiles(settings.tls)
  if ('files' in read) return { settings, tls: read.files }
  const [first, ...others] = read.problems
  throw toError([first as Problem, ...others])
}

/** The settings have the content of the file of `backendTls.ca`, not its name. */
function onlyCertificatesMayDiffer(source: ConfigSource, { source: before, settings }: InForce) {
  if (source.file !== undefined || settings.backendTls.ca !== undefined) return false
  return isDeepStrictEqual(source, before)
}
