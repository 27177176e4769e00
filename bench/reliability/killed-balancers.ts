import type { Build } from './controlled-balancer.ts'
import { diedWith, failedAgain } from './died-with.ts'
import { fixedPort } from './fixed-port.ts'
import { startKillableBackends } from './killable-backends.ts'
import { type Losses, lossesOf, type Reached, reachedOf } from './lost-requests.ts'
import { type NumberedLoad, numberedLoad } from './numbered-load.ts'
import type { Protocols } from './protocols.ts'
import { type Restart, startSupervisedBalancer } from './supervised-balancer.ts'

/** Options of a run under load in which the process of the balancer is killed, and its parent restarts it. */
export interface KilledBalancersOptions {
  readonly protocols: Protocols
  readonly rate: number
  readonly kills: number
  readonly build: Build
  readonly scratch: string
  /** Lets the load continue for a while. Called before each kill, and after the last. */
  pause(load: NumberedLoad): Promise<unknown>
}

/** The failures of such a run. */
export interface BalancerLosses extends Losses {
  readonly sent: number
  readonly kills: number
  /** Connections that were refused. */
  readonly refused: number
  /** Failures on connections that did not die with a balancer: opened after the kill, or failed for another reason. */
  readonly onNewerConnections: number
  /** Lost POSTs; `delivered`: their connection died with the balancer. */
  readonly reached: Reached
  /** Milliseconds from each kill until the balancer served again. */
  readonly restartMs: readonly number[]
}

/** Every second kill is an abort, as by a native assertion. */
const signals = ['SIGKILL', 'SIGABRT'] as const

export async function measureKilledBalancers(run: KilledBalancersOptions): Promise<BalancerLosses> {
  const { protocols, rate, kills, build, scratch } = run
  const serving = { scratch, serviceMs: 20, protocol: protocols.backends }
  await using backends = await startKillableBackends(3, serving)
  const port = await fixedPort()
  const urls = backends.configured.map(({ url }) => url)
  await using balancer = await startSupervisedBalancer(urls, { port, build })
  const load = numberedLoad({ protocol: protocols.clients, port: () => port, rate })
  const restarts: Restart[] = []
  for (let kill = 0; kill < kills; kill++) {
    await run.pause(load)
    restarts.push(await balancer.kill(signals[kill % 2] as NodeJS.Signals))
  }
  await run.pause(load)
  const failures = await load.stop()
  const died = (failure: (typeof failures)[number]) =>
    restarts.some(({ killedMs }) => diedWith(failure, killedMs))
  const losses = lossesOf(failures)
  return {
    ...losses,
    sent: load.sent(),
    kills,
    refused: failures.filter(
      ({ outcome, again }) => outcome === 'ECONNREFUSED' || again === 'ECONNREFUSED',
    ).length,
    onNewerConnections: failures.filter((failure) => !died(failure) || failedAgain(failure)).length,
    reached: reachedOf(losses.posts, backends.reached(), died),
    restartMs: restarts.map(({ killedMs, readyMs }) => readyMs - killedMs),
  }
}
