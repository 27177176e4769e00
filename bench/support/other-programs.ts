import { meterHost } from '../../src/meter/host.ts'
import { meterProcesses } from '../../src/meter/process.ts'

/** From so many CPUs on, on average, programs of others are worth a line; less is the kernel and its daemons. */
const noticeable = 0.05

/**
 * Starts to watch for programs that are neither this one nor started by it. What it gives back says in a
 * sentence what they took meanwhile; '' where that is nothing to speak of.
 */
export function watchOtherPrograms(): () => string {
  const begun = performance.now()
  const host = meterHost()
  // With the children that ended meanwhile, and theirs.
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
