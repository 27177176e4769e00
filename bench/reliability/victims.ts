import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LabProcess, startProcess } from '../../src/lab/process.ts'
import type { VictimOptions } from '../../test/support/children/victim.ts'
import { quietPort } from './quiet-port.ts'

/** Backends that are killed and started again on their ports. */
export interface Victims extends AsyncDisposable {
  readonly ports: readonly number[]
  /** SIGKILL to one; settles when it is gone. */
  kill(index: number): Promise<void>
  /** Starts one that was killed, on the same port; settles when it listens. */
  revive(index: number): Promise<void>
  /** Whether the request with this number had reached any of them, by their own records. */
  reached(): (number: number) => boolean
}

const file = fileURLToPath(new URL('../../test/support/children/victim.ts', import.meta.url))

/** How they are started. */
interface VictimsOptions extends Pick<VictimOptions, 'serviceMs'> {
  /** Where their records are. */
  readonly scratch: string
  readonly cpus?: readonly number[]
}

/** Starts `count` of them. */
export async function startVictims(
  count: number,
  { scratch, serviceMs, cpus }: VictimsOptions,
): Promise<Victims> {
  const ports: number[] = []
  for (let n = 0; n < count; n++) ports.push(await quietPort())
  const recordOf = (index: number) => join(scratch, `reached-${ports[index]}`)

  async function start(index: number): Promise<LabProcess> {
    const running = await startProcess({ name: `backend ${index + 1}`, file, cpus })
    const order = { port: ports[index] as number, record: recordOf(index), serviceMs }
    await running.call('start', order satisfies VictimOptions)
    return running
  }

  const running = await Promise.all(ports.map((_, index) => start(index)))
  return {
    ports,
    async kill(index) {
      const { pid, exited } = running[index] as LabProcess
      process.kill(pid, 'SIGKILL')
      await exited
    },
    async revive(index) {
      running[index] = await start(index)
    },
    reached() {
      const lines = ports.flatMap((_, index) => readFileSync(recordOf(index), 'utf8').split('\n'))
      const all = new Set(lines)
      return (number) => all.has(`/${number}`)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((one) => one.stop()))
    },
  }
}
