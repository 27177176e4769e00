import { type HostUsage, meterHost } from '../meter/host.ts'
import { processFamily } from '../meter/process-family.ts'
import { cpuSeconds } from '../meter/process-usage.ts'

/** Usage of a node in a window, by the meter that reads this host. */
export interface NodeUsage extends HostUsage {
  /** CPU-seconds of `busySeconds` that the agent, and what it started, used. */
  readonly ownSeconds: number
}

/** Reads the usage of a node between opening and closing a window. */
export interface NodeUsageMeter {
  open(): void
  close(): void
  usage(): NodeUsage
}

/** A meter of the node that this process, an agent, runs on. */
export function meterNode(): NodeUsageMeter {
  const host = meterHost()
  const own = () => cpuSeconds(processFamily(process.pid))
  let [opened, closed] = [0, 0]
  return {
    open() {
      opened = own()
      host.open()
    },
    close() {
      host.close()
      closed = own()
    },
    usage: () => ({ ...host.usage(), ownSeconds: Math.max(0, closed - opened) }),
  }
}
