import type { BalancerSettings } from '../config/config.ts'

/**
 * Opens the access log, so that a path that cannot be written is reported before a worker starts. It is to be disposed once
 * the workers have it open: the reader of a pipe would take a close before that for the end of the log.
 *
 * @throws UsageError where it cannot be opened
 */
export async function holdAccessLog({
  accessLog,
}: BalancerSettings): Promise<AsyncDisposable | undefined> {
  if (accessLog === undefined) return undefined
  const { openAccessLog } = await import('../io/access-log.ts')
  const log = await openAccessLog(accessLog)
  return { [Symbol.asyncDispose]: () => log.close() }
}
