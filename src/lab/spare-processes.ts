import { join } from 'node:path'
import type { Arm } from '../plan/plan.ts'
import { type LabProcess, type ProcessOptions, startProcess } from './process.ts'
import type { TempDir } from './temp-dir.ts'

/**
 * A process that is started ahead of its use: Node and the modules take more than half of the start of a target, and do
 * not depend on its configuration. Closing ends the one that was not used.
 */
export interface SpareProcesses extends AsyncDisposable {
  /**
   * A process for the target of an arm: the spare one where it was started with the same options, or a new one.
   * @throws {ProcessError} it could not be started
   */
  take(arm: Arm, options: ProcessOptions): Promise<LabProcess>
  /** Starts the spare one as the last process for such an arm was started; does nothing where there was none. */
  prepare(arm: Arm): void
}

/** A process that was started ahead. */
interface Spare {
  readonly key: string
  /** Undefined if it could not be started. */
  readonly process: Promise<LabProcess | undefined>
  readonly ended: boolean
}

/** No spare process yet. Their logs are in `tempDir`. */
export function spareProcesses(tempDir: Pick<TempDir, 'path'>): SpareProcesses {
  const lastOptions = new Map<string, ProcessOptions>()
  let spare: Spare | undefined
  let count = 0
  let ending: Promise<unknown> = Promise.resolve()

  const end = (one: Spare | undefined): void => {
    if (one === undefined) return
    const ended = one.process.then((process) => process?.stop())
    ending = Promise.all([ending, ended])
  }
  const start = (options: ProcessOptions): Spare => {
    const log = join(tempDir.path, `spare-${++count}.log`)
    let ended = false
    const process = startProcess({ ...options, log }).catch(() => undefined)
    void process.then((one) => one?.exited.then(() => (ended = true)))
    return {
      key: keyOf(options),
      process,
      get ended() {
        return ended
      },
    }
  }
  return {
    async take(arm, options) {
      lastOptions.set(kindOf(arm), options)
      const found = spare
      spare = undefined
      if (found?.key === keyOf(options)) {
        const process = await found.process
        if (process !== undefined && !found.ended) return process
      }
      end(found)
      return startProcess(options)
    },
    prepare(arm) {
      const options = lastOptions.get(kindOf(arm))
      end(spare)
      spare = options && start(options)
    },
    async [Symbol.asyncDispose]() {
      end(spare)
      spare = undefined
      await ending
    },
  }
}

/** Arms whose targets are started alike: the algorithm is part of a configuration that is sent later. */
function kindOf({ target, cores, variant }: Arm): string {
  return JSON.stringify([target, cores, variant?.side])
}

/** Options that must be the same; each process has a log of its own. */
function keyOf({ log: _, ...options }: ProcessOptions): string {
  return JSON.stringify(options)
}
