import type { Balancer } from '../supervisor/balancer.ts'
import type { BalancerHost } from '../supervisor/balancer-host.ts'
import { parentLink } from './parent-link.ts'
import type { Signals } from './signals.ts'

/** Options to run a balancer as the only purpose of this process. */
export interface RunOptions {
  readonly signals: Signals
  start(host: BalancerHost | undefined): Promise<Balancer>
  /** The balancer accepts connections. */
  ready(balancer: Balancer): void
  /** SIGHUP. */
  reload(balancer: Balancer): void
}

/**
 * Runs a balancer until a signal stops it: SIGTERM and SIGINT drain, SIGQUIT stops at once, SIGHUP reloads. A stop
 * while it starts ends the process, with exit code 0: no connection was accepted yet.
 *
 * @throws the error of `start`
 */
export async function runBalancer({ signals, start, ready, reload }: RunOptions): Promise<void> {
  const stop = Promise.race([signals.stop, signals.cut])
  using parent = parentLink(signals)
  const starting = start(parent)
  const balancer = await Promise.race([starting, stop.then(() => undefined)])
  if (balancer === undefined) process.exit(0)
  await using running = balancer
  signals.onReload(() => reload(running))
  // A balancer that stops reads no configuration any more.
  void stop.then(() => signals.onReload(() => undefined))
  void signals.cut.then(() => running.cut())
  parent?.ready()
  ready(running)
  await stop
}
