import { percent, rounded } from '../../kit/units.ts'
import type { Check } from './check.ts'

/** A CPU quota of the cgroup stops all its processes once it is used up, to the end of its period of 100 ms. cgroups(7): cpu.max. */
export const cpuQuota: Check = {
  name: 'cpu-quota',
  title: 'CPU quota',
  examine({ cpus: { list, quota }, throttled }) {
    if (!Number.isFinite(quota)) return { state: 'ok', found: 'none' }
    const share = 'why' in throttled ? 0 : throttled.value
    const stopped = share > 0 ? `; stopped for ${percent(share)} of the time just now` : ''
    const found = `${rounded(quota)} CPUs, of ${list.length} that may be used${stopped}`
    // A quota that no process can exceed stops none.
    if (quota >= list.length && share === 0) return { state: 'ok', found }
    return {
      state: quota < 1 || share > 0.01 ? 'bad' : 'warn',
      found,
      effect:
        'once the quota is used up, target, driver and backends stand still for up to 100 ms at a time: a tail that no balancer causes',
      advice:
        'give CPUs in place of a quota: docker run --cpuset-cpus=0,1; in Kubernetes a whole number of CPUs with the static CPU manager policy',
      recheck: 'cat /sys/fs/cgroup/cpu.max; grep throttled /sys/fs/cgroup/cpu.stat',
    }
  },
}
