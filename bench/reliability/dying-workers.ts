import { configFor } from '../../test/balancer/support/balance.ts'
import { type Losses, lossesOf, type Reached, reachedOf } from './losses.ts'
import { type Failure, type NumberedLoad, numberedLoad } from './numbered-load.ts'
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
export interface WorkerToll extends Losses {
  readonly sent: number
  readonly kills: number
  /** Requests under way in the workers that were killed, as the balancer had counted. */
  readonly underWay: number
  /** What failed otherwise than on a connection that died with its worker: opened since, or later. */
  readonly fresh: number
  /** POSTs: `given` are those on a connection that died with its worker. */
  readonly reached: Reached
}

/** Milliseconds in which clients must have seen that a worker is gone, and by which clocks may differ. */
const noticed = 3000
const skew = 50

/** Whether it stood when a worker was killed, and was closed at once. */
function diedWith({ connectionMs, endedMs }: Failure, killedMs: number): boolean {
  const after = endedMs - killedMs
  return connectionMs < killedMs && after > -skew && after < noticed
}

/** A second try has a connection of its own. */
function failedAgain({ again }: Failure): boolean {
  return again !== undefined && again !== '200'
}

export async function dyingWorkers(run: DyingWorkers): Promise<WorkerToll> {
  const { rate, kills, build, scratch } = run
  await using victims = await startVictims(3, { scratch, serviceMs: 20 })
  await using balancer = await steer(configFor(victims.ports, { workers: 2 }), build)
  const load = numberedLoad({ port: () => balancer.port, rate })
  const killedMs: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    await run.pause(load)
    killedMs.push(await balancer.killWorker(kill % 2))
  }
  await run.pause(load)
  const failures = await load.stop()
  const died = (failure: Failure) => killedMs.some((ms) => diedWith(failure, ms))
  const losses = lossesOf(failures)
  return {
    ...losses,
    sent: load.sent(),
    kills,
    underWay: (await balancer.counts()).aborted,
    fresh: failures.filter((failure) => !died(failure) || failedAgain(failure)).length,
    reached: reachedOf(losses.posts, victims.reached(), died),
  }
}
