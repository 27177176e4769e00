import { join } from 'node:path'
import { cgroupFolders, readTextOrEmpty } from '../host/cgroup.ts'
import { kernelUnits } from './kernel-units.ts'

/** What the machine did in the window. Seconds are summed over its CPUs where nothing else is said. */
interface HostUsage {
  /** CPU-seconds of all processes, ours and others'; interrupts are nobody's and not counted. */
  readonly busySeconds: number
  /** CPU-seconds that the hypervisor gave to other machines. */
  readonly stealSeconds: number
  /** Seconds of the window in which at least one task waited for a CPU; undefined where the kernel does not say. */
  readonly pressureSeconds: number | undefined
  /** Seconds in which our cgroups were stopped by their quota; 0 where there is none. */
  readonly throttledSeconds: number
  /** Pages swapped in and out. */
  readonly swappedPages: number
}

/** Reads what the machine did between two moments. */
export interface HostMeter {
  open(): void
  close(): void
  usage(): HostUsage
}

/** A meter on the machine. `root` is the file system's root. */
export function meterHost(root = '/'): HostMeter {
  let opened: HostUsage | undefined
  let closed: HostUsage | undefined
  return {
    open() {
      opened = reading(root)
    },
    close() {
      closed = reading(root)
    },
    usage() {
      const from = opened ?? reading(root)
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

/** What it has done since it was started. proc_stat(5), Documentation/accounting/psi.rst, proc_vmstat(5). */
function reading(root: string): HostUsage {
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
    throttledSeconds: throttled(root),
    swappedPages: count(vm, 'pswpin') + count(vm, 'pswpout'),
  }
}

/** The longest of all the cgroups that hold us: they are stopped one within the other. */
function throttled(root: string): number {
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
