import type { BalancerSettings } from '../config/config.ts'

/**
 * Opens the access log once, so that a path that cannot be written is reported before a worker starts.
 *
 * @throws UsageError where it cannot be opened
 */
export async function checkAccessLog({ accessLog }: BalancerSettings): Promise<void> {
  if (accessLog === undefined) return
  const { openAccessLog } = await import('../io/access-log.ts')
  const log = await openAccessLog(accessLog)
  await log.close()
}
