import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { which } from '../../host/which.ts'
import { ProcessError } from '../../kit/errors.ts'
import type { Profile } from '../profile.ts'
import { profileOfPerfScript } from './perf-script.ts'

const execute = promisify(execFile)

/** Samples per second and CPU; not a round number, so that it is not in step with timers. */
const frequency = 997

/** Bytes that `perf script` may print. */
const maxBuffer = 256 * 2 ** 20

/** Why `perf record` cannot profile here; undefined where it can. The check records 10 ms of a process of its own. */
export async function perfUnavailable(): Promise<string | undefined> {
  const perf = which('perf')
  if (perf === undefined) return 'perf is not installed (apt-get install linux-perf)'
  const paranoid = Number(await readFile(paranoidFile, 'utf8').catch(() => '0'))
  try {
    await execute(perf, ['record', '-e', 'cpu-clock', '-o', '/dev/null', '--', 'sleep', '0.01'], {
      timeout: 10_000,
    })
    return undefined
  } catch {
    return paranoid > 2
      ? `perf is not allowed (kernel.perf_event_paranoid is ${paranoid})`
      : 'perf cannot sample the CPU clock on this host'
  }
}

const paranoidFile = '/proc/sys/kernel/perf_event_paranoid'

/** Processes to sample, and for how long. */
interface PerfOptions {
  readonly pids: readonly number[]
  readonly seconds: number
  /** Gets the recording. */
  readonly folder: string
  readonly signal: AbortSignal
}

/**
 * Samples the CPU clock of processes, with their stacks.
 *
 * @throws {ProcessError} perf fails, as for a process that is not there
 */
export async function perfProfile(options: PerfOptions): Promise<Profile> {
  const { pids, seconds, folder, signal } = options
  const data = join(folder, 'perf.data')
  const record = ['record', '-e', 'cpu-clock', '-F', String(frequency), '-g', '-o', data]
  try {
    await execute('perf', [...record, '-p', pids.join(), '--', 'sleep', String(seconds)], {
      signal,
    })
    const script = ['script', '-F', 'comm,tid,time,event,ip,sym,dso', '-i', data]
    const { stdout } = await execute('perf', script, { signal, maxBuffer })
    return profileOfPerfScript(stdout, { period: 1e6 / frequency })
  } catch (error) {
    signal.throwIfAborted()
    const { stderr = '', message } = error as Error & { stderr?: string }
    const [line = message] = stderr.trim().split('\n')
    throw new ProcessError(
      `perf cannot profile process ${pids.join(', ')}: ${line}`,
      'see man perf-record',
    )
  }
}
