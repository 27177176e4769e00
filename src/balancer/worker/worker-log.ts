import type { BalancerSettings } from '../config/config.ts'
import type { AccessLog } from '../io/access-log.ts'

/** Where the log is, and how its lines are written. */
type LogSettings = Pick<BalancerSettings, 'accessLog' | 'accessLogFormat' | 'accessLogSample'>

/** The access log of a worker, which follows the configuration. */
export interface WorkerLog {
  /** Undefined where there is none. */
  current(): AccessLog | undefined
  /**
   * Continues in the file that is at `path` now.
   *
   * @throws UsageError where it cannot be opened; the log continues in the old one.
   */
  reopen(path: string): Promise<void>
  /** Goes over to the log of another configuration. Requests in progress are still logged in an earlier one. */
  follow(settings: LogSettings): Promise<void>
  /** Writes the remaining lines and closes all files. */
  close(): Promise<void>
  /** Writes the remaining lines before it returns: for a thread that exits. */
  flushSync(): void
}

/**
 * Opens the log. A worker without its log is better than none, and the main thread has opened the file
 * before: an error is reported.
 */
export async function openWorkerLog(
  settings: LogSettings,
  report: (error: Error) => void,
  onDropped: (lines: number) => void,
): Promise<WorkerLog> {
  let current = settings
  let log = await open(settings)
  /** Logs of earlier configurations. */
  const earlier: AccessLog[] = []

  async function open({
    accessLog: path,
    accessLogFormat: format,
    accessLogSample: sample,
  }: LogSettings): Promise<AccessLog | undefined> {
    if (path === undefined) return undefined
    try {
      // Loaded only if it is needed: it takes memory in every thread.
      const { openAccessLog } = await import('../io/access-log.ts')
      return await openAccessLog(path, { format, sample, onDropped })
    } catch (error) {
      report(error as Error)
      return undefined
    }
  }

  return {
    current: () => log,
    async reopen(at) {
      await log?.reopen(at)
    },
    async follow(next) {
      const { accessLog: path, accessLogFormat: format, accessLogSample: sample } = current
      current = next
      const sameLines = next.accessLogFormat === format && next.accessLogSample === sample
      if (sameLines && next.accessLog === path) return
      if (log !== undefined && next.accessLog !== undefined && sameLines) {
        await log.reopen(next.accessLog).catch(report)
        return
      }
      if (log !== undefined) earlier.push(log)
      log = await open(next)
    },
    async close() {
      await Promise.all([log, ...earlier].map((one) => one?.close()))
    },
    flushSync() {
      for (const one of [log, ...earlier]) one?.flushSync()
    },
  }
}
