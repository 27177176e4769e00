import { join } from 'node:path'
import { cgroupFolders, readTextOrEmpty } from '../host/cgroup.ts'

/** The CPUs that this process may use. */
export interface AvailableCpus {
  /** Their numbers, in rising order, after affinity and cpuset. */
  readonly list: readonly number[]
  /** CPU quota: CPU-seconds per second that the cgroups allow; Infinity without a limit. */
  readonly quota: number
  /** CPUs' worth of time: the minimum of both. */
  readonly count: number
}

/** Reads the CPUs that this process may use; `root` is the root of the file system. sched_setaffinity(2), cpuset(7), cgroups(7). */
export function availableCpus(root = '/'): AvailableCpus {
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(
    readTextOrEmpty(join(root, 'proc/self/status')),
  )?.[1]
  const list = cpuList(allowed ?? '0')
  const quota = cpuQuota(root)
  return { list, quota, count: Math.min(list.length, quota) }
}

/** The numbers of a kernel's CPU list: `0-2,5` → 0, 1, 2, 5. */
export function cpuList(text: string): number[] {
  return text.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

/** The lowest quota of all cgroups that this process is in. */
function cpuQuota(root: string): number {
  const cgroup = cgroupFolders('cpu', root)
  const quotas = (cgroup?.folders ?? []).map((folder) =>
    cgroup?.version === 2 ? quotaOfV2(folder) : quotaOfV1(folder),
  )
  return Math.min(...quotas, Number.POSITIVE_INFINITY)
}

/** `cpu.max` is `QUOTA PERIOD` in µs; the quota is `max` without a limit. */
function quotaOfV2(folder: string): number {
  const [quota, period] = readTextOrEmpty(join(folder, 'cpu.max')).split(/\s+/)
  return ratio(Number(quota), Number(period))
}

function quotaOfV1(folder: string): number {
  const [quota, period] = ['quota', 'period'].map((name) =>
    Number(readTextOrEmpty(join(folder, `cpu.cfs_${name}_us`))),
  )
  return ratio(quota ?? 0, period ?? 0)
}

/** −1, `max` and a missing file all mean no limit. */
function ratio(quota: number, period: number): number {
  return quota > 0 && period > 0 ? quota / period : Number.POSITIVE_INFINITY
}
