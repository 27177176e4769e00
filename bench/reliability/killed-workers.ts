import { configFor } from '../../test/balancer/support/balance.ts'
import { type Build, startControlledBalancer } from './controlled-balancer.ts'
import { diedWith, failedAgain } from './died-with.ts'
import { startKillableBackends } from './killable-backends.ts'
import { type Losses, lossesOf, type Reached, reachedOf } from './lost-requests.ts'
import { type Failure, type NumberedLoad, numberedLoad } from './numbered-load.ts'
import type { Protocols } from './protocols.ts'

/** Options of a run under load in which workers are ended as by a crash. */
export interface KilledWorkersOptions {
  readonly protocols: Protocols
  readonly rate: number
  readonly kills: number
  readonly build: Build
  readonly scratch: string
  /** Lets the load continue for a while. Called before each kill, and after the last. */
  pause(load: NumberedLoad): Promise<unknown>
}

/** The failures of such a run. */
export interface WorkerLosses extends Losses {
  readonly sent: number
  readonly kills: number
  /** Requests in flight in the killed workers, as counted by the balancer. */
  readonly inFlight: number
  /** Failures on connections that did not die with a worker: opened after the kill, or failed for another reason. */
  readonly onNewerConnections: number
  /** Lost POSTs; `delivered`: their connection died with its worker. */
  readonly reached: Reached
}

export async function measureKilledWorkers(run: KilledWorkersOptions): Promise<WorkerLosses> {
  const { protocols, rate, kills, build, scratch } = run
  const serving = { scratch, serviceMs: 20, protocol: protocols.backends }
  await using backends = await startKillableBackends(3, serving)
  const config = configFor([], { workers: 2, backends: backends.configured })
  await using balancer = await startControlledBalancer(config, build)
  const load = numberedLoad({ protocol: protocols.clients, port: () => balancer.port, rate })
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
    inFlight: (await balancer.counts()).aborted,
    onNewerConnections: failures.filter((failure) => !died(failure) || failedAgain(failure)).length,
    reached: reachedOf(losses.posts, backends.reached(), died),
  }
}
