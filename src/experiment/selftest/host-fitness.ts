import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readTextOrEmpty } from '../../host/cgroup.ts'
import { openFilesLimit } from '../../host/open-files.ts'
import { meterHost } from '../../meter/host.ts'

/** One thing about this machine that decides whether figures from it hold. */
export interface Fitness {
  readonly name: string
  /** `unknown` where the machine does not tell, as most virtual ones do not of their processor. */
  readonly state: 'ok' | 'warn' | 'bad' | 'unknown'
  readonly found: string
  /** What to do about it; '' where nothing is to be done. */
  readonly advice: string
}

/** What to look at, and how. */
export interface FitnessOptions {
  /** Root of the file system. */
  readonly root?: string
  /** Seconds in which steal and swapping are watched. */
  readonly watch?: number
  /** CPUs that may be used: load is judged against them. */
  readonly cpus: number
}

/** Looks at everything that is known to disturb measurements, and says what to do about each. */
export async function hostFitness({
  root = '/',
  watch = 1,
  cpus,
}: FitnessOptions): Promise<Fitness[]> {
  return [
    governor(root),
    turbo(root),
    load(root, cpus),
    ...(await watched(root, watch, cpus)),
    hugePages(root),
    openFiles(root),
    ports(root),
  ]
}

/** Documentation/admin-guide/pm/cpufreq.rst */
function governor(root: string): Fitness {
  const folder = join(root, 'sys/devices/system/cpu')
  const found = [
    ...new Set(
      namesIn(folder)
        .filter((name) => /^cpu\d+$/.test(name))
        .map((name) => readTextOrEmpty(join(folder, name, 'cpufreq/scaling_governor')).trim())
        .filter((text) => text !== ''),
    ),
  ]
  const name = 'CPU governor'
  if (found.length === 0) return unknown(name, 'the machine does not tell (usual in a virtual one)')
  if (found.every((text) => text === 'performance')) return fine(name, 'performance')
  return {
    name,
    state: 'warn',
    found: found.join(', '),
    advice:
      'Set it with "cpupower frequency-set -g performance": other governors change speed under load.',
  }
}

/** Intel's `no_turbo`, others' `boost`. */
function turbo(root: string): Fitness {
  const folder = join(root, 'sys/devices/system/cpu')
  const off = readTextOrEmpty(join(folder, 'intel_pstate/no_turbo')).trim()
  const boost = readTextOrEmpty(join(folder, 'cpufreq/boost')).trim()
  const name = 'turbo'
  if (off === '' && boost === '')
    return unknown(name, 'the machine does not tell (usual in a virtual one)')
  if (off === '1' || boost === '0') return fine(name, 'off')
  return {
    name,
    state: 'warn',
    found: 'on',
    advice:
      'Switch it off (write 1 to intel_pstate/no_turbo, or 0 to cpufreq/boost): it makes speed depend on heat and neighbours.',
  }
}

/** Runnable tasks of the last minute, ours among them. proc_loadavg(5). */
function load(root: string, cpus: number): Fitness {
  const name = 'load'
  const text = readTextOrEmpty(join(root, 'proc/loadavg'))
  if (text === '') return unknown(name, 'the machine does not tell')
  const average = Number.parseFloat(text)
  const found = `${average.toFixed(2)} on ${cpus} CPUs over the last minute`
  if (average <= 0.1 * cpus) return fine(name, found)
  return {
    name,
    state: average > 0.5 * cpus ? 'bad' : 'warn',
    found,
    advice: 'Stop what else runs here, or wait until it is over.',
  }
}

/** What shows only while one looks: time that the hypervisor takes, and pages that are swapped. */
async function watched(root: string, seconds: number, cpus: number): Promise<Fitness[]> {
  if (readTextOrEmpty(join(root, 'proc/stat')) === '') {
    return ['steal', 'swap'].map((name) => unknown(name, 'the machine does not tell'))
  }
  const meter = meterHost(root)
  meter.open()
  await wait(seconds * 1000)
  meter.close()
  const { stealSeconds, swappedPages } = meter.usage()
  const steal = stealSeconds / (seconds * cpus)
  return [
    {
      name: 'steal',
      state: steal > 0.05 ? 'bad' : steal > 0.01 ? 'warn' : 'ok',
      found: `${(100 * steal).toFixed(1)} % of the CPU time`,
      advice: steal > 0.01 ? 'The hypervisor gives CPU to others: use a machine of your own.' : '',
    },
    {
      name: 'swap',
      state: swappedPages > 0 ? 'bad' : 'ok',
      found: `${swappedPages} pages moved in ${seconds} s`,
      advice: swappedPages > 0 ? 'Free memory, or run "swapoff -a".' : '',
    },
  ]
}

/** Documentation/admin-guide/mm/transhuge.rst: the setting in brackets is the one in force. */
function hugePages(root: string): Fitness {
  const name = 'transparent huge pages'
  const text = readTextOrEmpty(join(root, 'sys/kernel/mm/transparent_hugepage/enabled'))
  const found = /\[(\w+)\]/.exec(text)?.[1]
  if (found === undefined) return unknown(name, 'the machine does not tell')
  if (found !== 'always') return fine(name, found)
  return {
    name,
    state: 'warn',
    found,
    advice:
      'Write madvise to /sys/kernel/mm/transparent_hugepage/enabled: else memory figures jump.',
  }
}

function openFiles(root: string): Fitness {
  const name = 'open files'
  const limit = openFilesLimit(root)
  if (limit === Number.POSITIVE_INFINITY) return unknown(name, 'the machine tells of no limit')
  const text = String(limit)
  if (limit >= 4096) return fine(name, text)
  return { name, state: 'warn', found: text, advice: 'Run "ulimit -n 65536" for more connections.' }
}

function ports(root: string): Fitness {
  const name = 'port range'
  const text = readTextOrEmpty(join(root, 'proc/sys/net/ipv4/ip_local_port_range'))
  const [first = 0, last = 0] = text.split(/\s+/).map(Number)
  if (text === '') return unknown(name, 'the machine does not tell')
  const found = `${first}-${last}`
  if (last - first + 1 >= 16_384) return fine(name, found)
  return {
    name,
    state: 'warn',
    found,
    advice:
      'Run "sysctl net.ipv4.ip_local_port_range=\'1024 65535\'": connections run out of ports.',
  }
}

function fine(name: string, found: string): Fitness {
  return { name, state: 'ok', found, advice: '' }
}

function unknown(name: string, found: string): Fitness {
  return { name, state: 'unknown', found, advice: '' }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
