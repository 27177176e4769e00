import { readFileSync } from 'node:fs'

/** See src/meter/process.ts: the unit of /proc/stat. */
const ticksPerSecond = 100

/** CPU-seconds of the whole host, since it started. */
interface Reading {
  readonly busy: number
  readonly steal: number
}

/** What the host did between two moments, in CPU-seconds over all its CPUs. */
export interface HostUse {
  /** All that was used, by anyone on this host. */
  readonly busySeconds: number
  /** What the hypervisor gave to other machines while somebody here wanted it. */
  readonly stealSeconds: number
}

/** A meter on the whole host; it reads when the window opens and when it closes. */
export interface HostMeter {
  open(): void
  close(): void
  use(): HostUse
}

/** A meter on /proc/stat. */
export function meterHost(): HostMeter {
  let before: Reading = { busy: 0, steal: 0 }
  let after: Reading = before
  return {
    open() {
      before = read()
    },
    close() {
      after = read()
    },
    use: () => ({
      busySeconds: after.busy - before.busy,
      stealSeconds: after.steal - before.steal,
    }),
  }
}

/** The first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal guest guest_nice. */
function read(): Reading {
  const [, ...ticks] = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').split(/\s+/)
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = ticks.map(Number)
  return {
    busy: (user + nice + system + irq + softirq) / ticksPerSecond,
    steal: steal / ticksPerSecond,
  }
}
