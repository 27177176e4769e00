import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { compileCacheFolder } from '../../../src/cli/compile-cache.ts'
import { which } from '../../../src/host/which.ts'
import { removeAtEnd } from './remove-at-end.ts'

/**
 * A Slurm cluster on this host: a controller and three nodes, each in a network namespace of its own. Closing it leaves
 * nothing, and neither does the end of this process, however it ends.
 */
export interface SlurmCluster extends AsyncDisposable {
  /** The address of the namespace of the controller, which nodes can reach. */
  readonly address: string
  /** Words in front of a command that runs it beside the controller. */
  readonly enter: readonly string[]
  /** A folder that is removed with it. */
  readonly folder: string
  /** Variables of the clients of the cluster. */
  readonly env: NodeJS.ProcessEnv
  /** Processes on the nodes that run an agent or a driver; or this module of lb only. */
  tasks(module?: string): Promise<number[]>
  /** Cuts a node off the network, and connects it again. */
  unplug(node: number): void
  plug(node: number): void
}

const programs = ['munged', 'slurmctld', 'slurmd', 'srun', 'sinfo', 'ip', 'nsenter']
const nodes = 3

/** Why there can be no cluster here; undefined where there can. */
export function clusterLack(): string | undefined {
  const missing = programs.filter((name) => which(name) === undefined)
  if (missing.length > 0) return `${missing.join(', ')} not installed`
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  try {
    const name = `lb${process.pid}t`
    ip('netns', 'add', name)
    ip('netns', 'del', name)
    return undefined
  } catch (error) {
    return `no network namespaces (${(error as Error).message.split('\n')[0]})`
  }
}

function ip(...words: readonly string[]): string {
  return execFileSync(which('ip') ?? 'ip', words, { encoding: 'utf8', stdio: 'pipe' })
}

/** A server that is loaded. */
export interface LoadedServer {
  readonly port: number
  /** Milliseconds until it responds. */
  readonly serviceMs: number
}

/** Code for Node of a server on this address, which prints a line once it listens, and one with its first request. */
export function serverOn(
  address: string,
  { port, serviceMs }: LoadedServer = { port: 8080, serviceMs: 0 },
): string {
  const end = "response.end('ok')"
  const respond = `(_, response) => {
    if (isIdle) console.log('is loaded')
    isIdle = false
    ${serviceMs > 0 ? `setTimeout(() => ${end}, ${serviceMs})` : end}
  }`
  const listen = `.listen(${port}, '${address}', () => console.log('listens'))`
  return `let isIdle = true; require('node:http').createServer(${respond})${listen}`
}

let clusters = 0

/** Options of a cluster. */
interface ClusterOptions {
  /** CPUs that the nodes share, as taskset(1) names them; without it, all. */
  readonly nodeCpus?: string | undefined
}

/** Starts a cluster, and waits until its nodes are idle. One process may have several. */
export async function startCluster({ nodeCpus }: ClusterOptions = {}): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(os.tmpdir(), 'lb-slurm-'))
  execFileSync('chmod', ['755', folder])
  const number = clusters++
  const space = (name: string | number) => `lb${process.pid}-${number}${name}`
  const spaces = ['c', ...Array.from({ length: nodes }, (_, i) => i)].map(space)
  const remover = removeAtEnd({ spaces, folder })
  const inSpace = (name: string | number) => [
    which('nsenter') as string,
    `--net=/run/netns/${space(name)}`,
  ]
  const enter = inSpace('c')
  const cache = compileCacheFolder()
  const env = {
    ...process.env,
    SLURM_CONF: join(folder, 'slurm.conf'),
    TMPDIR: folder,
    // Agents on nodes, which have none of their own, start faster with the code of earlier ones.
    ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }),
  }
  const start = (name: string, words: readonly string[]): void => {
    const log = openSync(join(folder, `${name}.log`), 'a')
    const [file = '', ...args] = words
    spawn(file, args, { stdio: ['ignore', log, log], env })
    closeSync(log)
  }
  const pidsIn = async (name: string): Promise<number[]> => {
    const { stdout } = await promisify(execFile)(which('ip') as string, ['netns', 'pids', name])
    return stdout.split('\n').filter(Boolean).map(Number)
  }
  const link = (node: number, state: 'up' | 'down') =>
    ip('-n', space('c'), 'link', 'set', `v${node}`, state)
  try {
    layNetwork(spaces)
    writeConfiguration(folder)
    const munge = (name: string) => join(folder, 'munge', name)
    start('munged', [
      ...enter,
      ...[which('munged') as string, '-F', '--force', '--num-threads=2', '--origin=127.0.0.1'],
      ...[
        `--key-file=${munge('key')}`,
        `--socket=${munge('socket')}`,
        `--pid-file=${munge('pid')}`,
      ],
      ...[`--log-file=${munge('log')}`, `--seed-file=${munge('seed')}`],
    ])
    start('slurmctld', [...enter, which('slurmctld') as string, '-D', '-f', env.SLURM_CONF])
    for (let i = 0; i < nodes; i++) {
      start(`slurmd-${i}`, [
        ...inSpace(i),
        ...(nodeCpus === undefined ? [] : [which('taskset') ?? 'taskset', '-c', nodeCpus]),
        ...[which('slurmd') as string, '-D', '-N', `n${i}`, '-f', env.SLURM_CONF],
      ])
    }
    await untilIdle(enter, env, folder)
  } catch (error) {
    await remover[Symbol.asyncDispose]()
    throw error
  }
  return {
    ...{ address: '10.77.0.1', enter, env, folder },
    async tasks(module) {
      const all = (await Promise.all(spaces.slice(1).map(pidsIn))).flat()
      const wanted = module === undefined ? ['engine/main', 'driver/main'] : [module]
      return all.filter((pid) => {
        const command = commandOf(pid)
        return wanted.some((one) => command.includes(one))
      })
    },
    unplug: (node) => void link(node, 'down'),
    plug: (node) => void link(node, 'up'),
    [Symbol.asyncDispose]: remover[Symbol.asyncDispose],
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** A bridge in the first namespace, and a cable from it to each of the others. */
function layNetwork([controller = '', ...others]: readonly string[]): void {
  ip('netns', 'add', controller)
  ip('-n', controller, 'link', 'set', 'lo', 'up')
  ip('-n', controller, 'link', 'add', 'br0', 'type', 'bridge')
  ip('-n', controller, 'addr', 'add', '10.77.0.1/24', 'dev', 'br0')
  ip('-n', controller, 'link', 'set', 'br0', 'up')
  for (const [i, name] of others.entries()) {
    ip('netns', 'add', name)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    const cable = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', name]
    ip('-n', controller, 'link', 'add', `v${i}`, ...cable)
    ip('-n', controller, 'link', 'set', `v${i}`, 'master', 'br0', 'up')
    ip('-n', name, 'addr', 'add', `10.77.0.${10 + i}/24`, 'dev', 'eth0')
    ip('-n', name, 'link', 'set', 'eth0', 'up')
  }
}

/** Slurm without accounting, control groups and authentication of others than root. */
function writeConfiguration(folder: string): void {
  mkdirSync(join(folder, 'munge'))
  mkdirSync(join(folder, 'state'))
  execFileSync('chmod', ['711', join(folder, 'munge')])
  writeFileSync(join(folder, 'munge/key'), randomBytes(128), { mode: 0o600 })
  const at = (name: string) => join(folder, name)
  writeFileSync(
    at('slurm.conf'),
    [
      'ClusterName=lb',
      `SlurmctldHost=${os.hostname()}(10.77.0.1)`,
      ...['SlurmUser=root', 'SlurmdUser=root', 'AuthType=auth/munge', 'CredType=cred/munge'],
      `AuthInfo=socket=${at('munge/socket')}`,
      `StateSaveLocation=${at('state')}`,
      `SlurmdSpoolDir=${at('spool-%n')}`,
      ...[`SlurmctldPidFile=${at('ctld.pid')}`, `SlurmdPidFile=${at('slurmd-%n.pid')}`],
      ...['ProctrackType=proctrack/linuxproc', 'TaskPlugin=task/none', 'MpiDefault=none'],
      ...['SwitchType=switch/none', 'JobAcctGatherType=jobacct_gather/none', 'ReturnToService=2'],
      ...['SelectType=select/cons_tres', 'SelectTypeParameters=CR_CPU', 'KillWait=1'],
      ...['SlurmdTimeout=10', 'SlurmdParameters=config_overrides', 'SchedulerType=sched/builtin'],
      ...Array.from(
        { length: nodes },
        (_, i) => `NodeName=n${i} NodeAddr=10.77.0.${10 + i} CPUs=1 State=UNKNOWN`,
      ),
      'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
      '',
    ].join('\n'),
  )
}

/** Waits until all nodes are idle, at most 20 s. */
async function untilIdle(
  enter: readonly string[],
  env: NodeJS.ProcessEnv,
  folder: string,
): Promise<void> {
  const [file = '', ...args] = [...enter, which('sinfo') as string, '-h', '-o', '%T %D']
  const end = performance.now() + 20_000
  for (;;) {
    const found = await promisify(execFile)(file, args, { env, timeout: 3000 }).catch(() => null)
    if (found?.stdout.trim() === `idle ${nodes}`) return
    if (performance.now() > end)
      throw new Error(`the cluster is not up: ${found?.stdout ?? folder}`)
    await wait(100)
  }
}
