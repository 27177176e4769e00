import { join } from 'node:path'
import { cgroupFolders, readTextOrEmpty } from '../host/cgroup.ts'
import { kernelUnits } from './kernel-units.ts'

/** Usage of the whole machine in the window. Seconds are summed over all CPUs unless stated otherwise. */
export interface HostUsage {
  /** CPU-seconds of all processes; without interrupts, which belong to none. */
  readonly busySeconds: number
  /** Steal time: CPU-seconds that the hypervisor gave to other virtual machines. */
  readonly stealSeconds: number
  /** CPU pressure (PSI `some`): seconds of the window in which at least one task waited for a CPU; undefined on kernels without PSI. */
  readonly pressureSeconds: number | undefined
  /** Seconds of the window in which a CPU quota throttled our cgroups; 0 without a quota. */
  readonly throttledSeconds: number
  /** Pages swapped in and out. */
  readonly swappedPages: number
}

/** Reads the usage of the machine between opening and closing a window. */
export interface HostMeter {
  open(): void
  close(): void
  usage(): HostUsage
}

/** A meter of the machine. `root` is the root of the file system. */
export function meterHost(root = '/'): HostMeter {
  let opened: HostUsage | undefined
  let closed: HostUsage | undefined
  return {
    open() {
      opened = readCounters(root)
    },
    close() {
      closed = readCounters(root)
    },
    usage() {
      const from = opened ?? readCounters(root)
      const to = closed ?? from
      const pressure = [from.pressureSeconds, to.pressureSeconds] as const
      return {
        busySeconds: to.busySeconds - from.busySeconds,
        stealSeconds: to.stealSeconds - from.stealSeconds,
        pressureSeconds:
          pressure[0] === undefined || pressure[1] === undefined
            ? undefined
            : pressure[1] - pressure[0],
        throttledSeconds: to.throttledSeconds - from.throttledSeconds,
        swappedPages: to.swappedPages - from.swappedPages,
      }
    },
  }
}

/** The counters since boot. proc_stat(5), Documentation/accounting/psi.rst, proc_vmstat(5). */
function readCounters(root: string): HostUsage {
  const { ticks } = kernelUnits()
  const cpu = /^cpu +(.*)$/m.exec(readTextOrEmpty(join(root, 'proc/stat')))?.[1] ?? ''
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] = cpu.split(' ').map(Number)
  const pressure = /^some .*total=(\d+)/m.exec(
    readTextOrEmpty(join(root, 'proc/pressure/cpu')),
  )?.[1]
  const vm = readTextOrEmpty(join(root, 'proc/vmstat'))
  return {
    busySeconds: (user + nice + system) / ticks,
    stealSeconds: steal / ticks,
    pressureSeconds: pressure === undefined ? undefined : Number(pressure) / 1e6,
    throttledSeconds: maxThrottled(root),
    swappedPages: count(vm, 'pswpin') + count(vm, 'pswpout'),
  }
}

/** The maximum over our cgroup and its ancestors: while one is throttled, so are those inside it. */
function maxThrottled(root: string): number {
  const folders = cgroupFolders('cpu', root)?.folders ?? []
  const seconds = folders.map((folder) => {
    const stat = readTextOrEmpty(join(folder, 'cpu.stat'))
    return count(stat, 'throttled_usec') / 1e6 + count(stat, 'throttled_time') / 1e9
  })
  return Math.max(0, ...seconds)
}

function count(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
}
