import { meterHost } from '../../src/meter/host.ts'
import { meterProcesses } from '../../src/meter/process.ts'

/** Average number of CPUs from which on other programs are reported; less is the kernel and its daemons. */
const noticeable = 0.05

/**
 * Starts to watch the CPU use of programs that this one did not start. The returned function describes it in a
 * sentence; empty where it is negligible.
 */
export function watchOtherPrograms(): () => string {
  const begun = performance.now()
  const host = meterHost()
  // Includes children that have ended, and their children.
  const ours = meterProcesses(() => [process.pid])
  host.open()
  ours.open()
  return () => {
    host.close()
    ours.close()
    const seconds = (performance.now() - begun) / 1000
    const { userSeconds, systemSeconds } = ours.usage()
    const { busySeconds, stealSeconds } = host.usage()
    const others = (busySeconds - userSeconds - systemSeconds + stealSeconds) / seconds
    return others < noticeable
      ? ''
      : `Measured while other programs used ${Math.round(100 * others)} % of a CPU: it is noisier than on a quiet machine.`
  }
}
