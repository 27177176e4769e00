/** Milliseconds between two samples, and the gap from which on the process may have been stalled. */
const [sampleMs, stallMs] = [5, 10]

/** How the driver's event loop spent the time that it was watched. */
export interface LoopWatch {
  /** Fraction in which it had work. */
  readonly driverBusy: number
  /** Fraction in which it was runnable but did not run: stopped, throttled, or preempted. */
  readonly driverStalled: number
  /** CPU-seconds of the process. */
  readonly cpuSeconds: number
}

/**
 * Starts to watch the event loop of this process; the returned function ends that and reports. A sample that comes
 * late although the process used no CPU means that the process was stalled.
 */
export function watchLoop(): () => LoopWatch {
  const { eventLoopUtilization } = performance
  const begun = { ms: performance.now(), loop: eventLoopUtilization(), cpu: process.cpuUsage() }
  let last = { ms: begun.ms, cpu: begun.cpu }
  let stalledMs = 0
  const sample = (): void => {
    const ms = performance.now()
    const gap = ms - last.ms
    const cpu = process.cpuUsage()
    const usedMs = (cpu.user + cpu.system - last.cpu.user - last.cpu.system) / 1e3
    if (gap > stallMs) stalledMs += Math.max(0, gap - Math.max(sampleMs, usedMs))
    last = { ms, cpu }
  }
  const timer = setInterval(sample, sampleMs)
  return () => {
    clearInterval(timer)
    sample()
    const { user, system } = process.cpuUsage(begun.cpu)
    return {
      driverBusy: eventLoopUtilization(begun.loop).utilization,
      driverStalled: Math.min(1, stalledMs / (performance.now() - begun.ms)),
      cpuSeconds: (user + system) / 1e6,
    }
  }
}
