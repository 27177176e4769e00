/** Milliseconds between two looks, and from which on a look that comes late means that the process stood still. */
const [lookMs, longMs] = [5, 10]

/** What kept the driver's event loop from its work, as shares of the time that it was watched. */
export interface LoopWatch {
  /** It had work. */
  readonly driverBusy: number
  /** It did not run, though it wanted to: stopped, throttled, or robbed of its CPU. */
  readonly driverStalled: number
}

/**
 * Starts to watch this process's event loop; what it gives back ends that, and says what it saw. A look that
 * comes late while the process used no CPU is time in which it stood still.
 */
export function watchLoop(): () => LoopWatch {
  const { eventLoopUtilization } = performance
  const begun = { ms: performance.now(), loop: eventLoopUtilization() }
  let last = { ms: begun.ms, cpu: process.cpuUsage() }
  let stillMs = 0
  const look = (): void => {
    const ms = performance.now()
    const gap = ms - last.ms
    const cpu = process.cpuUsage()
    const usedMs = (cpu.user + cpu.system - last.cpu.user - last.cpu.system) / 1e3
    if (gap > longMs) stillMs += Math.max(0, gap - Math.max(lookMs, usedMs))
    last = { ms, cpu }
  }
  const looking = setInterval(look, lookMs)
  return () => {
    clearInterval(looking)
    look()
    return {
      driverBusy: eventLoopUtilization(begun.loop).utilization,
      driverStalled: Math.min(1, stillMs / (performance.now() - begun.ms)),
    }
  }
}
