import { percent } from '../../src/kit/units.ts'
import type { HostCheck, HostFacts } from '../../src/result/selftest.ts'

/** The words for one property of a host. */
interface Wording<Code extends keyof HostFacts> {
  readonly name: string
  found(values: HostFacts[Code]): string
  /** How to mend it, for the states `warn` and `bad`. */
  readonly advice: string
}

const wordings: { readonly [Code in keyof HostFacts]: Wording<Code> } = {
  'cpu-governor': {
    name: 'CPU governor',
    found: ({ governors }) => governors.join(', '),
    advice:
      'Set it with "cpupower frequency-set -g performance": other governors change the frequency under load.',
  },
  turbo: {
    name: 'turbo',
    found: ({ enabled }) => (enabled ? 'on' : 'off'),
    advice:
      'Switch it off (write 1 to intel_pstate/no_turbo, or 0 to cpufreq/boost): with it, speed depends on heat and neighbours.',
  },
  load: {
    name: 'load',
    found: ({ average, cpus }) => `${average.toFixed(2)} on ${cpus} CPUs over the last minute`,
    advice: 'Stop the other programs, or wait until they have ended.',
  },
  steal: {
    name: 'steal',
    found: ({ fraction }) => `${percent(fraction)} of the CPU time`,
    advice: 'The hypervisor gives CPU time to other machines: use a dedicated one.',
  },
  swap: {
    name: 'swap',
    found: ({ pages, seconds }) => `${pages} pages moved in ${seconds} s`,
    advice: 'Free memory, or run "swapoff -a".',
  },
  'huge-pages': {
    name: 'transparent huge pages',
    found: ({ mode }) => mode,
    advice:
      'Write madvise to /sys/kernel/mm/transparent_hugepage/enabled: otherwise memory figures jump.',
  },
  'open-files': {
    name: 'open files',
    found: ({ limit }) => String(limit),
    advice: 'Run "ulimit -n 65536" for more connections.',
  },
  'port-range': {
    name: 'port range',
    found: ({ first, last }) => `${first}-${last}`,
    advice:
      'Run "sysctl net.ipv4.ip_local_port_range=\'1024 65535\'": connections run out of ports.',
  },
}

/** The name of a property, what was found of it, and the advice: '' where nothing is to be done. */
export function hostCheckWords(check: HostCheck): { name: string; found: string; advice: string } {
  const { name, advice } = wordings[check.code]
  if (check.state === 'unknown') {
    return { name, found: 'not readable (usual in a virtual machine)', advice: '' }
  }
  // Values of one code belong to its wording, which the type of a union of functions cannot express.
  const found = wordings[check.code].found as (values: HostFacts[keyof HostFacts]) => string
  return { name, found: found(check.values), advice: check.state === 'ok' ? '' : advice }
}
