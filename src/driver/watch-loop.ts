/** Milliseconds between two samples, and the gap from which on the process may have been stalled. */
const [sampleMs, stallMs] = [5, 10]

/** How the driver's event loop spent the time that it was watched. */
interface LoopWatch {
  /** Fraction in which it had work. */
  readonly driverBusy: number
  /** Fraction in which it was runnable but did not run: stopped, throttled, or preempted. */
  readonly driverStalled: number
  /** CPU-seconds of the process. */
  readonly cpuSeconds: number
}

/** How to watch an event loop. */
export interface WatchOptions {
  /** Whether the owner calls `tick` so often that no timer of ours has to: about every millisecond. */
  readonly ticked?: boolean
  /** Milliseconds so far in which the loop only waited, although it seems to work: asleep, or spinning. */
  readonly idleMs?: () => number
}

/** An event loop that is watched. */
export interface WatchedLoop {
  /** The loop runs: takes a sample, unless one was taken a moment ago. */
  tick(nowMs: number): void
  /** Ends the watch. */
  stop(): LoopWatch
}

/**
 * Starts to watch the event loop of this process. A sample that comes late although the process used no CPU means that
 * the process was stalled.
 */
export function watchLoop({ ticked = false, idleMs = () => 0 }: WatchOptions = {}): WatchedLoop {
  const { eventLoopUtilization } = performance
  const begun = {
    ...{ ms: performance.now(), loop: eventLoopUtilization() },
    ...{ cpu: process.cpuUsage(), idleMs: idleMs() },
  }
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
  const timer = ticked ? undefined : setInterval(sample, sampleMs)
  return {
    tick(nowMs) {
      if (nowMs - last.ms >= sampleMs) sample()
    },
    stop() {
      clearInterval(timer)
      sample()
      const windowMs = performance.now() - begun.ms
      const { user, system } = process.cpuUsage(begun.cpu)
      const { utilization } = eventLoopUtilization(begun.loop)
      return {
        driverBusy: Math.max(0, utilization - (idleMs() - begun.idleMs) / windowMs),
        driverStalled: Math.min(1, stalledMs / windowMs),
        cpuSeconds: (user + system) / 1e6,
      }
    },
  }
}
