import type { AccessLog } from '../io/access-log.ts'

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
  follow(path: string | undefined): Promise<void>
  /** Writes the remaining lines and closes all files. */
  close(): Promise<void>
  /** Writes the remaining lines before it returns: for a thread that exits. */
  flushSync(): void
}

/**
 * Opens the log at `path`. A worker without its log is better than none, and the main thread has opened the file
 * before: an error is reported.
 */
export async function openWorkerLog(
  path: string | undefined,
  report: (error: Error) => void,
  onDropped: (lines: number) => void,
): Promise<WorkerLog> {
  let openPath = path
  let log = await open(path)
  /** Logs of earlier configurations. */
  const earlier: AccessLog[] = []

  async function open(at: string | undefined): Promise<AccessLog | undefined> {
    if (at === undefined) return undefined
    try {
      // Loaded only if it is needed: it takes memory in every thread.
      const { openAccessLog } = await import('../io/access-log.ts')
      return await openAccessLog(at, onDropped)
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
      if (next === openPath) return
      openPath = next
      if (log !== undefined && next !== undefined) await log.reopen(next).catch(report)
      else {
        if (log !== undefined) earlier.push(log)
        log = await open(next)
      }
    },
    async close() {
      await Promise.all([log, ...earlier].map((one) => one?.close()))
    },
    flushSync() {
      for (const one of [log, ...earlier]) one?.flushSync()
    },
  }
}
