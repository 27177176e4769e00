import { expect, test } from 'vitest'
import { readDoctorFacts } from '../../../src/doctor/host/read-facts.ts'
import { examineHost } from '../../../src/doctor/host/registry.ts'
import { openTempDir } from '../../../src/lab/temp-dir.ts'
import { writeTree } from '../../support/processes/file-tree.ts'

/** Name → state of each check, on a machine with these files. */
async function states(files: Record<string, string>) {
  await using scratch = await openTempDir()
  await writeTree(scratch.path, files)
  const facts = await readDoctorFacts({ root: scratch.path, watch: 0.01 })
  const run = { connections: 1000, backends: 3, keepAlive: true }
  return {
    facts,
    states: Object.fromEntries(examineHost(facts, run).map(({ name, state }) => [name, state])),
  }
}

const limits = (soft: number) =>
  `Max open files            ${soft}                65536                files\n`

/** A machine that is set up for measuring. */
const good = {
  'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'performance\n',
  'sys/devices/system/cpu/intel_pstate/no_turbo': '1\n',
  'sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc\n',
  'sys/devices/system/node/node0/cpulist': '0-1\n',
  'sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
  'proc/stat': 'cpu  100 10 50 1000 5 7 9 20 0 0\n',
  'proc/loadavg': '0.05 0.01 0.00 1/100 1\n',
  'proc/meminfo': 'MemTotal:  8000000 kB\nMemFree: 1 kB\nMemAvailable:  6000000 kB\n',
  'proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=5000\n',
  'proc/cpuinfo': 'processor : 0\nflags : fpu vme\n',
  'proc/self/status': 'Name: node\nCpus_allowed_list:\t0-1\n',
  'proc/self/limits': limits(65_536),
  'proc/net/sockstat': 'sockets: used 9\nTCP: inuse 5 orphan 0 tw 17 alloc 7 mem 1\n',
  'proc/sys/net/core/somaxconn': '4096\n',
  'proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  'proc/sys/net/ipv4/ip_local_reserved_ports': '8080,40000-40009\n',
  'proc/sys/net/ipv4/tcp_max_syn_backlog': '1024\n',
  'proc/sys/net/ipv4/tcp_syncookies': '1\n',
}

test('a machine that is set up for measuring passes every check', async () => {
  const { states: found, facts } = await states(good)
  // The timers of the machine of this test are its own.
  expect({ ...found, 'timer-jitter': 'ok' }).toEqual(
    Object.fromEntries(Object.keys(found).map((name) => [name, 'ok'])),
  )
  expect(facts).toMatchObject({
    ports: { value: { first: 32_768, last: 60_999, count: 28_222 } },
    timeWait: { value: 17 },
    synBacklog: { value: { entries: 1024, cookies: true } },
    memory: { value: { available: 6_144_000_000 } },
    conntrack: { value: 'off' },
  })
})

test('every setting that makes a run fail, or disturbs it, is found in its file', async () => {
  const { states: found } = await states({
    ...good,
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave\n',
    'sys/devices/system/cpu/intel_pstate/no_turbo': '0\n',
    'sys/devices/system/clocksource/clocksource0/current_clocksource': 'acpi_pm\n',
    'sys/devices/system/node/node0/cpulist': '0\n',
    'sys/devices/system/node/node1/cpulist': '1\n',
    'sys/kernel/mm/transparent_hugepage/enabled': '[always] madvise never\n',
    'sys/fs/cgroup/cgroup.controllers': 'cpu\n',
    'sys/fs/cgroup/cpu.max': '50000 100000\n',
    'proc/self/cgroup': '0::/\n',
    'proc/loadavg': '3.20 0.01 0.00 1/100 1\n',
    'proc/meminfo': 'MemTotal:  8000000 kB\nMemAvailable:  60000 kB\n',
    'proc/self/limits': limits(1024),
    'proc/sys/net/core/somaxconn': '16\n',
    'proc/sys/net/ipv4/ip_local_port_range': '60000\t60099\n',
    'proc/sys/net/ipv4/tcp_max_syn_backlog': '8\n',
    'proc/sys/net/ipv4/tcp_syncookies': '0\n',
    'proc/sys/net/netfilter/nf_conntrack_max': '1024\n',
    'proc/sys/net/netfilter/nf_conntrack_count': '1000\n',
  })
  expect(found).toMatchObject({
    ...{ 'open-files': 'bad', 'port-range': 'bad', somaxconn: 'bad', 'syn-backlog': 'bad' },
    ...{ conntrack: 'bad', 'cpu-quota': 'bad', load: 'bad', swap: 'warn', numa: 'warn' },
    ...{ 'cpu-governor': 'warn', turbo: 'warn', 'huge-pages': 'warn', 'clock-source': 'bad' },
  })
})

test('a container and a hypervisor are named', async () => {
  const { facts } = await states({
    'proc/cpuinfo': 'flags : fpu hypervisor vme\n',
    'sys/class/dmi/id/product_name': 'KVM\n',
    'proc/self/cgroup': '0::/docker/abc\n',
  })
  expect(facts.virtual).toEqual({ value: { hypervisor: 'KVM', container: 'docker' } })
})

test('a property that cannot be read is unknown, never ok, and names its file', async () => {
  const { facts, states: found } = await states({})
  const known = Object.entries(found).filter(([, state]) => state !== 'unknown')
  expect(known.map(([name]) => name).toSorted()).toEqual(['cpu-quota', 'cpu-set', 'node'])
  expect(facts.somaxconn).toEqual({ why: '/proc/sys/net/core/somaxconn: ENOENT' })
  expect(facts.steal).toEqual({ why: '/proc/stat: ENOENT' })
})
