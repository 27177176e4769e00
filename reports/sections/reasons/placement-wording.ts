import { plural } from '../../../src/kit/plural.ts'
import type { ReasonValues } from '../../../src/result/reason.ts'

/** Where the processes of a trial ran: `target on CPU 0; driver and backends share CPU 1`. */
export function placement(found: ReasonValues<'placement'>): string {
  const { target, driver, backends, workers, targetElsewhere, notPinned } = found
  const over =
    workers > target.length
      ? `, ${plural(workers, 'worker')} on ${plural(target.length, 'CPU')}: oversubscribed`
      : ''
  if (notPinned !== undefined) {
    return `not pinned (${notPinned}); all share ${cpuRanges(target)}${over}`
  }
  const { drivers = 1, backendProcesses = 1 } = found
  const driverName = drivers === 1 ? 'driver' : plural(drivers, 'driver')
  const backendsName =
    backendProcesses === 1 ? 'backends' : `backends (${backendProcesses} processes)`
  if (!targetElsewhere && overlap(target, driver)) {
    return `target, ${driverName} and ${backendsName} share ${cpuRanges(target)}${over}`
  }
  const others = overlap(driver, backends)
    ? `${driverName} and ${backendsName} share ${cpuRanges(driver)}`
    : `${driverName} on ${cpuRanges(driver)}, ${backendsName} on ${cpuRanges(backends)}`
  return targetElsewhere
    ? `${others}; the target runs where it was started`
    : `target on ${cpuRanges(target)}; ${others}`
}

function overlap(some: readonly number[], others: readonly number[]): boolean {
  return some.some((cpu) => others.includes(cpu))
}

/** `CPU 3`, `CPUs 0-3,6`. */
function cpuRanges(cpus: readonly number[]): string {
  const runs: [number, number][] = []
  for (const cpu of cpus) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] === cpu - 1) run[1] = cpu
    else runs.push([cpu, cpu])
  }
  const names = runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  return `CPU${cpus.length === 1 ? '' : 's'} ${names.join(',')}`
}
