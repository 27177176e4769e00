import type { DriverChannel, RemoteBegin } from './fleet-member.ts'

/** How far apart drivers on nodes began. */
export interface FleetStart {
  /** Milliseconds between the first driver that began and the last one, by their clocks. */
  readonly spreadMs: number
  /** Maximum error of this figure: that of the two clocks that are known worst. */
  readonly boundMs: number
}

/** A driver that waits for `begin`, and its load: settled once the driver is lost. */
export interface WaitingDriver {
  readonly channel: DriverChannel
  readonly over: Promise<unknown>
}

/**
 * Has all drivers begin: those on nodes at one moment, which their clocks know; those of this host at once. It settles when
 * all have begun, or are lost, and returns how far apart they began where two or more are on nodes.
 */
export async function beginTogether(
  drivers: readonly WaitingDriver[],
  nowMs: () => number = () => performance.timeOrigin + performance.now(),
): Promise<FleetStart | undefined> {
  const leads = drivers.map(({ channel }) => channel.remote?.leadMs ?? 0)
  const atMs = nowMs() + Math.max(0, ...leads)
  const begun = await Promise.all(
    drivers.map(({ channel, over }) => {
      const { remote } = channel
      const began = remote?.beginAt(atMs) ?? channel.call('begin').then(() => undefined)
      const none = (): undefined => undefined
      return Promise.race([began.catch(none), over.then(none, none)])
    }),
  )
  return startOf(begun.filter((one) => one !== undefined))
}

function startOf(begun: readonly RemoteBegin[]): FleetStart | undefined {
  if (begun.length < 2) return undefined
  const times = begun.map(({ atMs }) => atMs)
  const [worst = 0, second = 0] = begun.map(({ boundMs }) => boundMs).toSorted((a, b) => b - a)
  return { spreadMs: Math.max(...times) - Math.min(...times), boundMs: worst + second }
}
