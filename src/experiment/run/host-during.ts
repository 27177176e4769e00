import type { HostMeter } from '../../meter/host.ts'
import type { Measurement, ProcessCost } from '../../result/document.ts'

/** This host of a trial or a load on nodes, which says nothing about it. */
export const unwatchedHost: Measurement['host'] = {
  stealSeconds: 0,
  foreignSeconds: 0,
  throttledSeconds: 0,
  swappedPages: 0,
}

/** The host during the window, and the CPU time of other programs. */
export function hostDuring(
  meter: HostMeter,
  {
    accounted,
    readings = {},
  }: {
    readonly accounted: readonly Pick<ProcessCost, 'userSeconds' | 'systemSeconds'>[]
    readonly readings?: Pick<Measurement['host'], 'yardstick' | 'timerJitter'>
  },
): Measurement['host'] {
  const { busySeconds, stealSeconds, pressureSeconds, throttledSeconds, swappedPages } =
    meter.usage()
  const { yardstick = [], timerJitter = [] } = readings
  const metering = [...yardstick, ...timerJitter].reduce(
    (sum, { cpuSeconds }) => sum + cpuSeconds,
    0,
  )
  const ours = accounted.reduce(
    (sum, cost) => sum + cost.userSeconds + cost.systemSeconds,
    metering,
  )
  return {
    stealSeconds,
    foreignSeconds: Math.max(0, busySeconds - ours),
    ...(pressureSeconds !== undefined && { pressureSeconds }),
    throttledSeconds,
    swappedPages,
    ...readings,
  }
}
