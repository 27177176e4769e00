import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, rmdir } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { which } from '../../src/host/which.ts'
import type { Diagnosis } from '../../src/result/diagnosis.ts'
import { diagnose } from './diagnose.ts'

/** A fault that is made for real, and the checks of `lb doctor` that find it. */
export interface Plant {
  readonly name: string
  /** Names of checks or symptoms: one of them must be bad or a warning. */
  readonly finds: readonly string[]
  /** The diagnosis with the fault, or why it cannot be made here. */
  run(): Promise<Diagnosis | string>
}

/** Network namespaces need no root where users may have namespaces of their own. */
const ownNetwork = ['unshare', '--map-root-user', '--net']
const sysctl = (name: string, value: string) => `sysctl -qw "${name}=${value}"`

/** The host, as the kernel shows it with the fault. */
const ofHost: readonly Plant[] = [
  {
    name: 'ulimit -n 64',
    finds: ['open-files'],
    run: () => diagnose(['--connections', '1000'], { shell: ['ulimit -n 64'] }),
  },
  {
    name: '100 local ports for 200 connections',
    finds: ['port-range'],
    run: () =>
      diagnose(['--connections', '200'], {
        ...{ prefix: ownNetwork, shell: [sysctl('net.ipv4.ip_local_port_range', '60000 60099')] },
      }),
  },
  {
    name: '1,000 local ports without keep-alive at 500 req/s',
    finds: ['port-range'],
    run: () =>
      diagnose(['--no-keep-alive', '--rate', '500'], {
        ...{ prefix: ownNetwork, shell: [sysctl('net.ipv4.ip_local_port_range', '60000 60999')] },
      }),
  },
  {
    name: 'somaxconn 16',
    finds: ['somaxconn'],
    run: () =>
      diagnose(['--connections', '500'], {
        ...{ prefix: ownNetwork, shell: [sysctl('net.core.somaxconn', '16')] },
      }),
  },
  {
    name: 'tcp_max_syn_backlog 8, without SYN cookies',
    finds: ['syn-backlog'],
    run: () =>
      diagnose(['--connections', '500'], {
        prefix: ownNetwork,
        shell: [
          sysctl('net.ipv4.tcp_max_syn_backlog', '8'),
          sysctl('net.ipv4.tcp_syncookies', '0'),
        ],
      }),
  },
  {
    name: 'one CPU of several',
    finds: ['cpu-set'],
    run: async () =>
      availableParallelism() < 2
        ? 'this host has one CPU'
        : diagnose([], { prefix: ['taskset', '-c', '0'] }),
  },
  {
    name: 'an option of V8 in NODE_OPTIONS',
    finds: ['node'],
    run: () => diagnose([], { env: { NODE_OPTIONS: '--interpreted-frames-native-stack' } }),
  },
  {
    name: 'programs that use all CPUs',
    finds: ['cpu-pressure', 'load', 'timer-jitter'],
    run: beside,
  },
  { name: 'a quota of half a CPU', finds: ['cpu-quota'], run: underQuota },
]

/** Programs that use all CPUs run beside it. */
async function beside(): Promise<Diagnosis | string> {
  const burn = 'const end = performance.now() + 20000; while (performance.now() < end);'
  const count = 2 * availableParallelism()
  const programs = Array.from({ length: count }, () => spawn(process.execPath, ['-e', burn]))
  try {
    await wait(500)
    return await diagnose([])
  } finally {
    for (const one of programs) one.kill()
  }
}

/** In a cgroup of its own with a quota, where this user may make one. cgroups(7). */
async function underQuota(): Promise<Diagnosis | string> {
  const root = '/sys/fs/cgroup'
  const folder = `lb-doctor-${process.pid}`
  const first = join(root, 'cpu', folder)
  const second = join(root, folder)
  const inFirst = [
    `mkdir ${first}`,
    `echo 100000 > ${first}/cpu.cfs_period_us`,
    `echo 50000 > ${first}/cpu.cfs_quota_us`,
    `echo $$ > ${first}/cgroup.procs`,
  ]
  const inSecond = [
    `mkdir ${second}`,
    `echo "50000 100000" > ${second}/cpu.max`,
    `echo $$ > ${second}/cgroup.procs`,
  ]
  try {
    const found = await diagnose([], { shell: inFirst })
    return typeof found === 'string' ? await diagnose([], { shell: inSecond }) : found
  } finally {
    for (const one of [first, second]) await rmdir(one).catch(() => undefined)
  }
}

const node = process.execPath
const run = join(import.meta.dirname, '../../bin/run.js')

/** Starts `lb serve` on a port of the kernel, as far as its first line that names it. */
async function serving(args: readonly string[]) {
  const child = spawn(node, [run, 'serve', '--port', '0', '--admin-port', '0', ...args])
  let output = ''
  const addresses = Promise.withResolvers<{ url: string; admin: string }>()
  const read = (bytes: Buffer) => {
    output += String(bytes)
    const [url, admin] = output.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? []
    if (url !== undefined && admin !== undefined) addresses.resolve({ url, admin })
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  child.once('exit', () => addresses.reject(new Error(`lb serve ended: ${output}`)))
  const found = await addresses.promise
  return {
    ...found,
    async [Symbol.asyncDispose]() {
      addresses.promise.catch(() => undefined)
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

/** A port that nothing listens on. */
const deadBackend = 'http://127.0.0.1:1'

/** A running balancer. */
const ofBalancer: readonly Plant[] = [
  {
    name: 'nothing listens',
    finds: ['reachable'],
    run: () => diagnose(['http://127.0.0.1:1/']),
  },
  {
    name: 'a backend that refuses, from outside',
    finds: ['status'],
    async run() {
      await using balancer = await serving(['--backend', deadBackend])
      return await diagnose([`${balancer.url}/`])
    },
  },
  {
    name: 'a backend that refuses, at the admin port',
    finds: ['backends', 'backend-failures', 'local-replies'],
    async run() {
      await using balancer = await serving(['--backend', deadBackend])
      await diagnose([`${balancer.url}/`])
      const found = await diagnose([`${balancer.url}/`, '--admin', balancer.admin])
      return typeof found === 'string' ? found : insideOnly(found)
    },
  },
]

/** Results of runs with a fault in them. */
const ofResult: readonly Plant[] = [
  {
    name: 'a backend that refuses, in a load test',
    finds: ['server-errors'],
    async run() {
      await using balancer = await serving(['--backend', deadBackend])
      return await resultOf(['load', `${balancer.url}/`, '--stage', '2s@20/s'])
    },
  },
  {
    name: 'a backend of three that is four times slower',
    finds: ['uneven-shares', 'high-latency', 'bad-tail'],
    run: () =>
      resultOf([
        ...['bench', '--scenario', 'unequal-backends', '--algo', 'round-robin', '--trials', '1'],
        ...['--phase', 'latency', '--rate', '200', '--duration', '3s', '--warmup', '1s'],
      ]),
  },
]

/** The diagnosis of the result of a run. */
async function resultOf(words: readonly string[]): Promise<Diagnosis | string> {
  const folder = await mkdtemp(join(tmpdir(), 'lb-doctor-'))
  try {
    const file = join(folder, 'result.json')
    const child = spawn(node, [run, ...words, '--output', file, '--no-keep'], { stdio: 'ignore' })
    await once(child, 'exit')
    return await diagnose([file])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Without the checks that look from outside. */
function insideOnly(found: Diagnosis): Diagnosis {
  const outside = ['reachable', 'status']
  return { ...found, checks: found.checks.filter(({ name }) => !outside.includes(name)) }
}

/** Every fault. */
export const plants: readonly Plant[] = [...ofHost, ...ofBalancer, ...ofResult]

/** Programs without which some faults cannot be made. */
export function missingPrograms(): string[] {
  return ['unshare', 'sysctl', 'taskset'].filter((name) => which(name) === undefined)
}
