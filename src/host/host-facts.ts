import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readTextOrEmpty } from './cgroup.ts'
import { governorsFact, turboFact } from './cpu-frequency.ts'
import { type Fact, integerIn, namesIn, parsedFact, textFact } from './fact.ts'
import { type OpenFiles, openFilesFact } from './open-files.ts'
import { type EphemeralPorts, ephemeralPortsFact } from './ports.ts'

/** Properties of a host that decide whether a load is possible and whether its measurements hold. */
export interface HostFacts {
  readonly openFiles: Fact<OpenFiles>
  readonly ports: Fact<EphemeralPorts>
  /** TCP sockets in TIME_WAIT. */
  readonly timeWait: Fact<number>
  /** Highest backlog of a listening socket. listen(2). */
  readonly somaxconn: Fact<number>
  /** Half-open connections of a listening socket, and whether SYN cookies are sent beyond them. tcp(7). */
  readonly synBacklog: Fact<{ readonly entries: number; readonly cookies: boolean }>
  /** Entries of connection tracking: used and highest; `off` where the kernel does not track. nf_conntrack-sysctl.rst. */
  readonly conntrack: Fact<'off' | { readonly used: number; readonly max: number }>
  /** Frequency governors of the CPUs, without duplicates. */
  readonly governors: Fact<readonly string[]>
  /** Whether turbo is on. */
  readonly turbo: Fact<boolean>
  /** Mode of transparent huge pages. Documentation/admin-guide/mm/transhuge.rst: the one in brackets is in force. */
  readonly hugePages: Fact<string>
  /** CPUs of each NUMA node, as the kernel lists them: `0-3,8-11`. */
  readonly numaNodes: Fact<readonly string[]>
  /** Source of the clock. Documentation/virt/kvm/x86/timekeeping.rst. */
  readonly clockSource: Fact<string>
  /** Runnable tasks over the last minute. proc_loadavg(5). */
  readonly load: Fact<number>
  /** Bytes of memory that can be used without swapping, and of all memory. proc_meminfo(5). */
  readonly memory: Fact<{ readonly available: number; readonly total: number }>
  /** The hypervisor and the container that this process runs in; undefined where there is none. */
  readonly virtual: Fact<{
    readonly hypervisor: string | undefined
    readonly container: string | undefined
  }>
}

/** Reads the facts that need no time. `root` is the root of the file system. */
export function readHostFacts(root = '/'): HostFacts {
  return {
    openFiles: openFilesFact(root),
    ports: ephemeralPortsFact(root),
    timeWait: parsedFact(root, 'proc/net/sockstat', (text) =>
      numberAfter(text, /^TCP:.* tw (\d+)/m),
    ),
    somaxconn: parsedFact(root, 'proc/sys/net/core/somaxconn', integerIn),
    synBacklog: synBacklogOf(root),
    conntrack: conntrackOf(root),
    governors: governorsFact(root),
    turbo: turboFact(root),
    hugePages: parsedFact(
      root,
      'sys/kernel/mm/transparent_hugepage/enabled',
      (text) => /\[(\w+)\]/.exec(text)?.[1],
    ),
    numaNodes: numaNodesOf(root),
    clockSource: textFact(root, 'sys/devices/system/clocksource/clocksource0/current_clocksource'),
    load: parsedFact(root, 'proc/loadavg', (text) => numberAfter(text, /^([\d.]+) /)),
    memory: parsedFact(root, 'proc/meminfo', memoryIn),
    virtual: virtualOf(root),
  }
}

function numberAfter(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

function synBacklogOf(root: string): HostFacts['synBacklog'] {
  const cookies = readTextOrEmpty(join(root, 'proc/sys/net/ipv4/tcp_syncookies')).trim()
  return parsedFact(root, 'proc/sys/net/ipv4/tcp_max_syn_backlog', (text) => {
    const entries = integerIn(text)
    return entries === undefined ? undefined : { entries, cookies: cookies !== '0' }
  })
}

/** The files are there once the kernel tracks connections. */
function conntrackOf(root: string): HostFacts['conntrack'] {
  const folder = 'proc/sys/net/netfilter'
  if (
    existsSync(join(root, 'proc/sys/net')) &&
    !existsSync(join(root, folder, 'nf_conntrack_max'))
  ) {
    return { value: 'off' }
  }
  const max = parsedFact(root, `${folder}/nf_conntrack_max`, integerIn)
  if ('why' in max) return max
  const used = parsedFact(root, `${folder}/nf_conntrack_count`, integerIn)
  return 'why' in used ? used : { value: { used: used.value, max: max.value } }
}

function numaNodesOf(root: string): HostFacts['numaNodes'] {
  const folder = 'sys/devices/system/node'
  const nodes = namesIn(join(root, folder)).filter((name) => /^node\d+$/.test(name))
  if (nodes.length === 0) return { why: `/${folder} has no node` }
  const lists = nodes.toSorted().map((name) => readTextOrEmpty(join(root, folder, name, 'cpulist')))
  return { value: lists.map((text) => text.trim()).filter((text) => text !== '') }
}

function memoryIn(text: string) {
  const kibibytes = (name: string) => numberAfter(text, new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))
  const [available, total] = [kibibytes('MemAvailable'), kibibytes('MemTotal')]
  if (available === undefined || !total) return undefined
  return { available: available * 1024, total: total * 1024 }
}

/** The flag `hypervisor` of a CPU is set for guests; a container leaves a file of its engine, or its name in a cgroup. */
function virtualOf(root: string): HostFacts['virtual'] {
  return parsedFact(root, 'proc/cpuinfo', (text) => {
    const isGuest = /^flags\s*:.*\bhypervisor\b/m.test(text)
    const product = readTextOrEmpty(join(root, 'sys/class/dmi/id/product_name')).trim()
    const cgroups = readTextOrEmpty(join(root, 'proc/self/cgroup'))
    const engine = /\b(docker|libpod|kubepods|lxc|containerd)\b/.exec(cgroups)?.[1]
    const container = existsSync(join(root, '.dockerenv'))
      ? 'docker'
      : existsSync(join(root, 'run/.containerenv'))
        ? 'podman'
        : engine
    return { hypervisor: isGuest ? product || 'unnamed' : undefined, container }
  })
}
