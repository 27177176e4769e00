import type { Fact } from '../../host/fact.ts'
import type { EphemeralPorts } from '../../host/ports.ts'
import { grouped } from '../../kit/units.ts'
import type { CheckOutcome } from '../../result/host-check.ts'
import type { AskedRun } from './asked-run.ts'
import { type Check, onFact } from './check.ts'

/** Seconds that the side which closes a connection keeps its port in TIME_WAIT. include/net/tcp.h: TCP_TIMEWAIT_LEN. */
const timeWaitSeconds = 60

/** A range below which connections that are closed soon use it up. */
const fewPorts = 16_384

/**
 * Ephemeral ports: one for each connection to one address and port. A driver has one destination, the balancer one for each
 * backend. ip(7).
 */
export const ports: Check = {
  name: 'port-range',
  title: 'port range',
  examine: ({ ports: fact, timeWait }, run) =>
    onFact(fact, (range) => judged(range, timeWait, run)),
}

function judged(
  { first, last, count }: EphemeralPorts,
  timeWait: Fact<number>,
  { connections, rate, backends, keepAlive }: AskedRun,
): CheckOutcome {
  const closed = 'why' in timeWait ? '' : `, ${grouped(timeWait.value)} sockets in TIME_WAIT`
  const found = `${first}–${last}: ${grouped(count)} connections to the target, ${grouped(count * backends)} to the backends${closed}`
  const change = "sudo sysctl -w net.ipv4.ip_local_port_range='1024 65535'"
  const recheck = 'sysctl net.ipv4.ip_local_port_range'
  const perSecond = Math.floor(count / timeWaitSeconds)
  if (connections > count) {
    const effect = `${grouped(connections)} connections from one address fail with EADDRNOTAVAIL beyond ${grouped(count)}`
    return { state: 'bad', found, effect, change, recheck }
  }
  if (!keepAlive && rate !== undefined && rate > perSecond) {
    const effect = `a closed connection keeps its port for ${timeWaitSeconds} s (TIME_WAIT): beyond ${grouped(perSecond)} new connections per second to one address, ${grouped(rate)} fail with EADDRNOTAVAIL`
    const advice =
      'use keep-alive; net.ipv4.tcp_tw_reuse=1 reuses ports of outgoing connections after 1 s'
    return { state: 'bad', found, effect, advice, change, recheck }
  }
  if (count >= fewPorts) return { state: 'ok', found }
  const effect = `without keep-alive, ${grouped(perSecond)} new connections per second to one address use up all ports`
  return { state: 'warn', found, effect, change, recheck }
}
