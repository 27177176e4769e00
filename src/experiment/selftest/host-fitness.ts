import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readTextOrEmpty } from '../../host/cgroup.ts'
import { openFilesLimit } from '../../host/open-files.ts'
import { meterHost } from '../../meter/host.ts'
import type { HostCheck } from '../../result/selftest.ts'

/** Where to look, and for how long. */
export interface FitnessOptions {
  /** Root of the file system. */
  readonly root?: string
  /** Seconds for which steal and swapping are watched. */
  readonly watch?: number
  /** CPUs that may be used: load and steal are relative to them. */
  readonly cpus: number
}

/** Judges every known property of this host that disturbs measurements. */
export async function hostFitness({
  root = '/',
  watch = 1,
  cpus,
}: FitnessOptions): Promise<HostCheck[]> {
  return [
    governor(root),
    turbo(root),
    load(root, cpus),
    ...(await watched(root, watch, cpus)),
    hugePages(root),
    openFiles(root),
    portRange(root),
  ]
}

/** Documentation/admin-guide/pm/cpufreq.rst */
function governor(root: string): HostCheck {
  const code = 'cpu-governor'
  const folder = join(root, 'sys/devices/system/cpu')
  const governors = new Set(
    namesIn(folder)
      .filter((name) => /^cpu\d+$/.test(name))
      .map((name) => readTextOrEmpty(join(folder, name, 'cpufreq/scaling_governor')).trim())
      .filter((text) => text !== ''),
  )
  if (governors.size === 0) return { code, state: 'unknown' }
  const isFixed = [...governors].every((text) => text === 'performance')
  return { code, state: isFixed ? 'ok' : 'warn', values: { governors: [...governors] } }
}

/** `no_turbo` of Intel's driver, `boost` of the others. */
function turbo(root: string): HostCheck {
  const code = 'turbo'
  const folder = join(root, 'sys/devices/system/cpu')
  const noTurbo = readTextOrEmpty(join(folder, 'intel_pstate/no_turbo')).trim()
  const boost = readTextOrEmpty(join(folder, 'cpufreq/boost')).trim()
  if (noTurbo === '' && boost === '') return { code, state: 'unknown' }
  const enabled = noTurbo !== '1' && boost !== '0'
  return { code, state: enabled ? 'warn' : 'ok', values: { enabled } }
}

/** Load per CPU over the last minute, lb itself included, above which other programs disturb, and disturb badly. proc_loadavg(5). */
const loadLimits = { warn: 0.1, bad: 0.5 }

function load(root: string, cpus: number): HostCheck {
  const code = 'load'
  const text = readTextOrEmpty(join(root, 'proc/loadavg'))
  if (text === '') return { code, state: 'unknown' }
  const average = Number.parseFloat(text)
  return { code, state: stateOf(average / cpus, loadLimits), values: { average, cpus } }
}

/** Share of the CPU time that the hypervisor takes, above which it disturbs, and disturbs badly. */
const stealLimits = { warn: 0.01, bad: 0.05 }

/** Steal and swapping show only over a time. */
async function watched(root: string, seconds: number, cpus: number): Promise<HostCheck[]> {
  if (readTextOrEmpty(join(root, 'proc/stat')) === '') {
    return [
      { code: 'steal', state: 'unknown' },
      { code: 'swap', state: 'unknown' },
    ]
  }
  const meter = meterHost(root)
  meter.open()
  await wait(seconds * 1000)
  meter.close()
  const { stealSeconds, swappedPages: pages } = meter.usage()
  const fraction = stealSeconds / (seconds * cpus)
  return [
    { code: 'steal', state: stateOf(fraction, stealLimits), values: { fraction } },
    { code: 'swap', state: pages > 0 ? 'bad' : 'ok', values: { pages, seconds } },
  ]
}

/** Documentation/admin-guide/mm/transhuge.rst: the mode in brackets is the one in force. */
function hugePages(root: string): HostCheck {
  const code = 'huge-pages'
  const text = readTextOrEmpty(join(root, 'sys/kernel/mm/transparent_hugepage/enabled'))
  const mode = /\[(\w+)\]/.exec(text)?.[1]
  if (mode === undefined) return { code, state: 'unknown' }
  return { code, state: mode === 'always' ? 'warn' : 'ok', values: { mode } }
}

function openFiles(root: string): HostCheck {
  const code = 'open-files'
  const limit = openFilesLimit(root)
  if (limit === Number.POSITIVE_INFINITY) return { code, state: 'unknown' }
  return { code, state: limit >= 4096 ? 'ok' : 'warn', values: { limit } }
}

function portRange(root: string): HostCheck {
  const code = 'port-range'
  const text = readTextOrEmpty(join(root, 'proc/sys/net/ipv4/ip_local_port_range'))
  if (text === '') return { code, state: 'unknown' }
  const [first = 0, last = 0] = text.split(/\s+/).map(Number)
  return { code, state: last - first + 1 >= 16_384 ? 'ok' : 'warn', values: { first, last } }
}

function stateOf(
  value: number,
  { warn, bad }: { readonly warn: number; readonly bad: number },
): 'ok' | 'warn' | 'bad' {
  if (value > bad) return 'bad'
  return value > warn ? 'warn' : 'ok'
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
