import type { DoctorFacts } from '../../../src/doctor/host/doctor-facts.ts'

/** Facts of a host on which nothing is wrong, with these changes. */
export function healthyFacts(changes: Partial<DoctorFacts> = {}): DoctorFacts {
  return {
    openFiles: { value: { soft: 65_536, hard: 65_536 } },
    ports: { value: { first: 32_768, last: 60_999, count: 28_232 } },
    timeWait: { value: 12 },
    somaxconn: { value: 4096 },
    synBacklog: { value: { entries: 1024, cookies: true } },
    conntrack: { value: 'off' },
    governors: { value: ['performance'] },
    turbo: { value: false },
    hugePages: { value: 'madvise' },
    numaNodes: { value: ['0-3'] },
    clockSource: { value: 'tsc' },
    load: { value: 0.05 },
    memory: { value: { available: 6e9, total: 8e9 } },
    virtual: { value: { hypervisor: undefined, container: undefined } },
    steal: { value: 0 },
    swapped: { value: { pages: 0, seconds: 1 } },
    pressure: { value: 0.01 },
    throttled: { value: 0 },
    jitter: { value: { p50: 2e-5, p99: 1.2e-4, max: 9e-4 } },
    cpus: { list: [0, 1, 2, 3], quota: Number.POSITIVE_INFINITY, count: 4 },
    machineCpus: 4,
    node: { version: 'v26.10.0', options: [] },
    ...changes,
  }
}
