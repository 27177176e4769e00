import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { modulePath } from '../kit/module-path.ts'
import { compileCache } from './compile-cache.ts'
import type { Placement } from './cores.ts'
import { type LabProcess, startProcess } from './process.ts'
import type { TargetHost } from './running-target.ts'

/** The processes around a target, which may serve several trials: drivers and mock backends, each on its CPUs. */
export interface TestBed extends AsyncDisposable {
  readonly drivers: readonly LabProcess[]
  /** Each serves the backends that it is given for a trial: src/lab/backend-fleet.ts. */
  readonly backends: readonly LabProcess[]
  /** Where the target is started, where that is another host. */
  readonly targetHost?: TargetHost | undefined
  /** Whether all of them are running. */
  readonly alive: boolean
}

/**
 * Starts the drivers and the processes of backends of a placement; `folder` then has their logs and temporary files.
 * @throws {ProcessError} one could not be started
 */
export async function openTestBed(placement: Placement, folder: string): Promise<TestBed> {
  await mkdir(folder, { recursive: true })
  await using started = new AsyncDisposableStack()
  const start = async (role: 'driver' | 'backends', file: string) => {
    const sets = placement.processes[role]
    return Promise.all(
      sets.map(async (cpus, i) =>
        started.use(
          await startProcess({
            name: nameOf(role, i, sets.length),
            file: modulePath(file, import.meta.url),
            log: join(folder, `${role}-${i + 1}.log`),
            cpus: placement.pinned ? cpus : undefined,
            // Files of external load generators are removed with the folder, even if the driver is killed.
            env: { ...compileCache(), TMPDIR: folder },
          }),
        ),
      ),
    )
  }
  const [backends, drivers] = await Promise.all([
    start('backends', '../backend/main'),
    start('driver', '../driver/main'),
  ])
  const processes = [...drivers, ...backends]
  let alive = true
  for (const { exited } of processes) void exited.then(() => (alive = false))
  const kept = started.move()
  return {
    drivers,
    backends,
    get alive() {
      return alive
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(processes.map((one) => one.stop()))
      await kept.disposeAsync()
    },
  }
}

function nameOf(role: 'driver' | 'backends', i: number, of: number): string {
  if (of === 1) return `the ${role}`
  return role === 'driver'
    ? `driver ${i + 1} of ${of}`
    : `process ${i + 1} of ${of} of the backends`
}
