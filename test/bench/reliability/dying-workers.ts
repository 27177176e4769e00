import { configFor } from '../../balancer/support/balance.ts'
import { type NumberedLoad, numberedLoad, whysOf } from './numbered-load.ts'
import { type Build, steer } from './steer.ts'
import { startVictims } from './victims.ts'

/** A run under load in which workers are ended as a crash would end them. */
export interface DyingWorkers {
  readonly rate: number
  readonly kills: number
  readonly build: Build
  readonly scratch: string
  /** Lets the load go on for a while. Called before each kill, and after the last. */
  pause(load: NumberedLoad): Promise<unknown>
}

/** What became of it. */
export interface WorkerToll {
  readonly sent: number
  readonly kills: number
  readonly lost: number
  /** Requests under way in the workers that were killed, as the balancer had counted. */
  readonly underWay: number
  readonly whys: Readonly<Record<string, number>>
}

export async function dyingWorkers(run: DyingWorkers): Promise<WorkerToll> {
  const { rate, kills, build, scratch } = run
  await using victims = await startVictims(3, { scratch, serviceMs: 20 })
  await using balancer = await steer(configFor(victims.ports, { workers: 2 }), build)
  const load = numberedLoad({ port: () => balancer.port, rate })
  for (let kill = 0; kill < kills; kill++) {
    await run.pause(load)
    await balancer.killWorker(kill % 2)
  }
  await run.pause(load)
  const lost = await load.stop()
  const { aborted } = await balancer.counts()
  return { sent: load.sent(), kills, lost: lost.length, underWay: aborted, whys: whysOf(lost) }
}
