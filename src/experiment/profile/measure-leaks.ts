import { setTimeout as wait } from 'node:timers/promises'
import { placementOf } from '../../lab/arm-placement.ts'
import { type Lab, openLab } from '../../lab/lab.ts'
import { loopback } from '../../lab/ports.ts'
import { processFamily } from '../../meter/process-family.ts'
import { residentBytes } from '../../meter/process-usage.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import { transportOf } from '../../plan/transport.ts'
import { collectedBytes } from '../../profile/leak/collected-memory.ts'
import {
  type Growth,
  growthOf,
  type LeakRound,
  leakThresholds,
  warmupRounds,
} from '../../profile/leak/growth.ts'
import type { Session } from '../run/session.ts'
import { leakClients } from './leak-clients.ts'

/** How the memory of one arm grows. */
export interface ArmLeaks {
  readonly arm: string
  /** `heap`: in use after garbage collection. `rss`: resident memory of its processes, garbage included. */
  readonly memory: 'heap' | 'rss'
  /** For each request, over connections that stay open. */
  readonly requests: Growth | undefined
  /** For each connection that is opened, used for one request, and closed. */
  readonly connections: Growth | undefined
}

/** How much is sent. */
export interface LeakOptions {
  readonly plan: Plan
  readonly session: Pick<Session, 'placement' | 'tempDir' | 'signal'>
  /** Requests in each round. */
  readonly requests: number
  /** Rounds that count; some come before them. */
  readonly rounds: number
  onRound?(progress: { readonly arm: string; readonly done: number; readonly of: number }): void
}

/** Requests in flight: few, so that the memory of open connections does not matter. */
const clients = 8

/** Requests in a round for each connection in a round of connections. */
const requestsPerConnection = 10

/** Milliseconds in which connections that were closed are freed before memory is read. */
const settleMs = 100

/**
 * Starts the target of an arm with its backends, sends it requests in rounds, first over connections that stay open, then
 * over a new one for each, and reads its memory after each round.
 *
 * @throws {ProcessError} a process could not be started, or died, or requests fail
 * @throws the signal's reason, once it aborts
 */
export async function measureLeaks(arm: Arm, options: LeakOptions): Promise<ArmLeaks> {
  const { plan, session, requests, rounds } = options
  const { tempDir, signal } = session
  const { seed, settings } = plan
  const placement = placementOf(arm, session.placement, { plan, driver: 'lean' })
  await using lab = await openLab({
    ...{ plan, arm, seed, placement, tempDir, signal, settings, profiled: true },
  })
  const memory = memoryOf(lab, arm, signal)
  const sending = {
    ...{ url: lab.url, request: plan.request, clients, signal },
    transport: transportOf(settings?.[arm.target]),
  }
  const of = 2 * (warmupRounds + rounds)
  let done = 0
  const run = async (keepAlive: boolean, count: number): Promise<LeakRound[]> => {
    using sender = await leakClients({ ...sending, keepAlive })
    const measured: LeakRound[] = []
    for (let round = 0; round < warmupRounds + rounds; round++) {
      options.onRound?.({ arm: arm.name, done: done++, of })
      await sender.send(count)
      await wait(settleMs, undefined, { signal })
      measured.push({ count, bytes: await memory.read() })
    }
    return measured
  }
  const kept = await lab.guard(run(true, requests))
  const opened = await lab.guard(run(false, Math.ceil(requests / requestsPerConnection)))
  return {
    arm: arm.name,
    memory: memory.kind,
    requests: growthOf(kept, leakThresholds.requests),
    connections: growthOf(opened, leakThresholds.connections),
  }
}

/** The memory of a target: of the reference balancer after garbage collection, of others as the kernel counts it. */
function memoryOf(
  { admin, pids }: Pick<Lab, 'admin' | 'pids'>,
  { target }: Arm,
  signal: AbortSignal,
): { readonly kind: ArmLeaks['memory']; read(): Promise<number> } {
  if (target === 'reference' && admin !== undefined) {
    const url = new URL(`http://${loopback}:${admin.port}/`)
    return { kind: 'heap', read: () => collectedBytes({ url, token: admin.token }, signal) }
  }
  return { kind: 'rss', read: async () => residentBytes(processFamily(...pids.target)) }
}
