import { plural } from '../../kit/plural.ts'
import type { Check } from './check.ts'

/** The CPUs that this process may use: target, driver and backends each need some of their own. cpuset(7), sched_setaffinity(2). */
export const cpuSet: Check = {
  name: 'cpu-set',
  title: 'CPU set',
  examine({ cpus: { list }, machineCpus }) {
    const found = `${plural(list.length, 'CPU')} of ${machineCpus}`
    if (list.length >= 2) return { state: 'ok', found }
    const isRestricted = machineCpus > list.length
    return {
      state: isRestricted ? 'bad' : 'warn',
      found,
      effect:
        'target, driver and backends take turns on one CPU: the driver delays what it measures, and throughput is that of all three together',
      ...(isRestricted
        ? { change: `taskset -c 0-${machineCpus - 1} lb bench` }
        : { advice: 'measure on a machine with 2 CPUs or more' }),
      recheck: 'grep Cpus_allowed_list /proc/self/status',
    }
  },
}
