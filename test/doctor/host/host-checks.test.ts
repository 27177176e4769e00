import { expect, test } from 'vitest'
import type { AskedRun } from '../../../src/doctor/host/asked-run.ts'
import type { DoctorFacts } from '../../../src/doctor/host/doctor-facts.ts'
import { examineHost, hostChecks } from '../../../src/doctor/host/registry.ts'
import type { HostCheck } from '../../../src/result/host-check.ts'
import { healthyFacts } from '../../support/host/healthy-facts.ts'

const usual: AskedRun = { connections: 40, backends: 3, keepAlive: true }

/** Names of the checks in these states. */
function found(facts: DoctorFacts, run: Partial<AskedRun> = {}, states = ['bad', 'warn']) {
  const all = examineHost(facts, { ...usual, ...run })
  return all.filter(({ state }) => states.includes(state)).map(({ name }) => name)
}

/** A fault of the host that one check finds. */
interface Planted {
  readonly name: string
  readonly state: 'warn' | 'bad'
  readonly facts: Partial<DoctorFacts>
  readonly run?: Partial<AskedRun>
  /** In what is printed: the figure, the effect, the command. */
  readonly says: RegExp
}

const infinity = Number.POSITIVE_INFINITY

const planted: readonly Planted[] = [
  {
    ...{ name: 'open-files', state: 'bad', run: { connections: 5000 } },
    facts: { openFiles: { value: { soft: 1024, hard: 65_536 } } },
    says: /1,024 .*need 10,100.*beyond 462 connections.*EMFILE.*ulimit -n 10100/,
  },
  {
    ...{ name: 'open-files', state: 'bad', run: { connections: 5000 } },
    facts: { openFiles: { value: { soft: 1024, hard: 1024 } } },
    says: /sudo prlimit --pid \$\$ --nofile=10100/,
  },
  {
    ...{ name: 'open-files', state: 'warn' },
    facts: { openFiles: { value: { soft: 1024, hard: 1024 } } },
    says: /open loop drops arrivals beyond 462/,
  },
  {
    ...{ name: 'port-range', state: 'bad', run: { connections: 2000 } },
    facts: { ports: { value: { first: 60_000, last: 60_999, count: 1000 } } },
    says: /60000–60999: 1,000 .*3,000 to the backends.*EADDRNOTAVAIL.*ip_local_port_range/,
  },
  {
    ...{ name: 'port-range', state: 'bad', run: { rate: 1000, keepAlive: false } },
    facts: {},
    says: /TIME_WAIT.*beyond 470 new connections per second/,
  },
  {
    ...{ name: 'port-range', state: 'warn' },
    facts: { ports: { value: { first: 60_000, last: 60_999, count: 1000 } } },
    says: /16 new connections per second/,
  },
  {
    ...{ name: 'somaxconn', state: 'bad', run: { connections: 1000 } },
    facts: { somaxconn: { value: 128 } },
    says: /128 .*those beyond 128 are dropped.*net\.core\.somaxconn=4096/,
  },
  {
    ...{ name: 'syn-backlog', state: 'bad', run: { connections: 1000 } },
    facts: { synBacklog: { value: { entries: 16, cookies: false } } },
    says: /16 half-open.*dropped.*tcp_max_syn_backlog/,
  },
  {
    ...{ name: 'syn-backlog', state: 'warn', run: { connections: 1000 } },
    facts: { synBacklog: { value: { entries: 16, cookies: true } } },
    says: /SYN cookies/,
  },
  {
    ...{ name: 'conntrack', state: 'bad', run: { connections: 5000 } },
    facts: { conntrack: { value: { used: 100, max: 8192 } } },
    says: /100 of 8,192 .*10,000.*table full.*nf_conntrack_max=20200/,
  },
  {
    ...{ name: 'conntrack', state: 'warn' },
    facts: { conntrack: { value: { used: 7000, max: 8192 } } },
    says: /nearly full/,
  },
  {
    ...{ name: 'conntrack', state: 'bad', run: { rate: 1000, keepAlive: false } },
    facts: {
      conntrack: { value: { used: 0, max: 65_536 } },
      ports: { value: { first: 1, last: 65_000, count: 65_000 } },
    },
    says: /needs 240,080/,
  },
  {
    ...{ name: 'cpu-quota', state: 'warn' },
    facts: { cpus: { list: [0, 1, 2, 3], quota: 2.5, count: 2.5 } },
    says: /2\.50 CPUs, of 4.*stand still/,
  },
  {
    ...{ name: 'cpu-quota', state: 'bad' },
    facts: { cpus: { list: [0, 1, 2, 3], quota: 2, count: 2 }, throttled: { value: 0.2 } },
    says: /stopped for 20 % of the time/,
  },
  {
    ...{ name: 'cpu-set', state: 'bad' },
    facts: { cpus: { list: [1], quota: infinity, count: 1 }, load: { value: 0 } },
    says: /1 CPU of 4.*taskset -c 0-3/,
  },
  {
    ...{ name: 'cpu-set', state: 'warn' },
    facts: { cpus: { list: [0], quota: infinity, count: 1 }, machineCpus: 1, load: { value: 0 } },
    says: /take turns on one CPU/,
  },
  { name: 'load', state: 'bad', facts: { load: { value: 3.2 } }, says: /3\.20 on 4 CPUs/ },
  { name: 'load', state: 'warn', facts: { load: { value: 0.8 } }, says: /0\.80 on 4 CPUs/ },
  { name: 'cpu-pressure', state: 'bad', facts: { pressure: { value: 0.6 } }, says: /60 %/ },
  { name: 'cpu-pressure', state: 'warn', facts: { pressure: { value: 0.2 } }, says: /20 %/ },
  { name: 'steal', state: 'bad', facts: { steal: { value: 0.2 } }, says: /20 % of the CPU time/ },
  { name: 'steal', state: 'warn', facts: { steal: { value: 0.03 } }, says: /3\.0 %/ },
  {
    ...{ name: 'swap', state: 'bad' },
    facts: { swapped: { value: { pages: 90, seconds: 1 } } },
    says: /90 pages.*sudo swapoff -a/,
  },
  {
    ...{ name: 'swap', state: 'warn' },
    facts: { memory: { value: { available: 1e8, total: 8e9 } } },
    says: /may swap/,
  },
  {
    ...{ name: 'timer-jitter', state: 'bad', run: { rate: 1000 } },
    facts: { jitter: { value: { p50: 1e-4, p99: 0.012, max: 0.04 } } },
    says: /12\.0 ms at p99.*12 arrivals/,
  },
  {
    ...{ name: 'timer-jitter', state: 'warn' },
    facts: { jitter: { value: { p50: 1e-4, p99: 0.002, max: 0.04 } } },
    says: /2\.00 ms at p99/,
  },
  {
    ...{ name: 'cpu-governor', state: 'warn' },
    facts: { governors: { value: ['powersave', 'performance'] } },
    says: /powersave.*cpupower frequency-set -g performance/,
  },
  { name: 'turbo', state: 'warn', facts: { turbo: { value: true } }, says: /no_turbo/ },
  { name: 'huge-pages', state: 'warn', facts: { hugePages: { value: 'always' } }, says: /madvise/ },
  {
    ...{ name: 'numa', state: 'warn' },
    facts: { numaNodes: { value: ['0-1', '2-3'] } },
    says: /2 nodes.*numactl --cpunodebind=0/,
  },
  {
    ...{ name: 'clock-source', state: 'bad' },
    facts: { clockSource: { value: 'hpet' } },
    says: /hpet.*CPU per request/,
  },
  { name: 'clock-source', state: 'warn', facts: { clockSource: { value: 'xen' } }, says: /xen/ },
  {
    ...{ name: 'node', state: 'bad' },
    facts: { node: { version: 'v26.1.0', options: ['--inspect=0', '--jitless'] } },
    says: /debugger.*not optimised.*unset NODE_OPTIONS/,
  },
  {
    ...{ name: 'node', state: 'bad' },
    facts: { node: { version: 'v22.1.0', options: [] } },
    says: /v22\.1\.0.*npx lb doctor/,
  },
]

test.for(planted.map((one) => [`${one.name} ${one.state} ${one.says.source}`, one] as const))(
  '%s',
  ([, { name, state, facts, run, says }]) => {
    const checks = examineHost(healthyFacts(facts), { ...usual, ...run })
    const wrong = checks.filter((one) => one.state !== 'ok')
    expect(wrong.map((one) => [one.name, one.state])).toEqual([[name, state]])
    const one = wrong[0] as HostCheck & { effect?: string; change?: string; advice?: string }
    expect([one.found, one.effect, one.advice, one.change].join(' ')).toMatch(says)
  },
)

test('every check that can fail is planted', () => {
  const missed = hostChecks.map(({ name }) => name).filter((name) => name !== 'virtual')
  expect([...new Set(planted.map(({ name }) => name))].toSorted()).toEqual(missed.toSorted())
})

/** Twenty healthy hosts: servers, virtual machines, containers, older kernels, loads that they can take. */
const healthy: readonly (readonly [Partial<DoctorFacts>, Partial<AskedRun>?])[] = [
  [{}],
  [{}, { connections: 1000 }],
  [{}, { connections: 20_000, rate: 50_000 }],
  [{}, { rate: 400, keepAlive: false }],
  [{ openFiles: { value: { soft: infinity, hard: infinity } } }, { connections: 20_000 }],
  [{ openFiles: { value: { soft: 4096, hard: 4096 } } }, { connections: 1500 }],
  [{ ports: { value: { first: 1024, last: 65_535, count: 64_512 } } }, { connections: 25_000 }],
  [{ somaxconn: { value: 128 } }],
  [{ somaxconn: { value: 65_535 } }, { connections: 20_000 }],
  [{ synBacklog: { value: { entries: 128, cookies: true } } }],
  [{ conntrack: { value: { used: 900, max: 262_144 } } }, { connections: 10_000 }],
  [{ cpus: { list: [0, 1, 2, 3], quota: 4, count: 4 } }],
  [{ cpus: { list: [0, 1], quota: infinity, count: 2 } }],
  [{ clockSource: { value: 'kvm-clock' } }],
  [{ clockSource: { value: 'arch_sys_counter' }, hugePages: { value: 'never' } }],
  [{ numaNodes: { value: ['0-3', '4-7'] } }],
  [{ steal: { value: 0.004 }, pressure: { value: 0.06 } }],
  [{ load: { value: 0.3 } }],
  [{ jitter: { value: { p50: 6e-5, p99: 8e-4, max: 0.02 } } }],
  [{ node: { version: 'v27.0.0', options: ['--no-warnings', '--trace-warnings'] } }],
  [{ virtual: { value: { hypervisor: 'KVM', container: 'docker' } } }],
]

test(`${healthy.length} healthy hosts give no alarm`, () => {
  expect(healthy.flatMap(([facts, run]) => found(healthyFacts(facts), run))).toEqual([])
})

test('a fact that cannot be read is unknown and says why, never ok', () => {
  const why = { why: '/proc/x: EACCES' }
  const { cpus, machineCpus, node, ...read } = healthyFacts()
  const unreadable = Object.fromEntries(Object.keys(read).map((name) => [name, why]))
  const facts = { ...(unreadable as typeof read), cpus, machineCpus, node }
  const unknown = examineHost(facts, usual).filter(({ state }) => state === 'unknown')
  const always = ['cpu-set', 'cpu-quota', 'node']
  expect(unknown.map(({ name }) => name)).toEqual(
    hostChecks.map(({ name }) => name).filter((name) => !always.includes(name)),
  )
  expect(new Set(unknown.map((one) => one.found))).toEqual(
    new Set(['not readable: /proc/x: EACCES']),
  )
})

test('no advice is to set tcp_tw_recycle, which Linux 4.12 removed', () => {
  const all = planted.flatMap(({ facts, run }) =>
    examineHost(healthyFacts(facts), { ...usual, ...run }),
  )
  expect(JSON.stringify(all)).not.toContain('tw_recycle')
})
