import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { which } from '../../src/host/which.ts'
import { type Placement, type PlacementHost, place } from '../../src/lab/cores.ts'
import type { Arm } from '../../src/plan/plan.ts'
import { findTarget } from '../../src/targets/find-target.ts'

/** A balancer to measure, and the CPUs that it runs on. */
export interface Peer {
  readonly name: string
  readonly version: string | undefined
  readonly arm: Arm
  readonly placement: Placement
}

/** Names, in the table, of the balancers that the requirements are about. */
export const names = {
  ours: 'lb',
  nginx: 'nginx',
  go: 'Go, httputil.ReverseProxy',
  two: 'lb, 2 workers',
  /** Where two workers leave no CPU to the driver: one worker under the same conditions, for comparison. */
  likeTwo: 'lb, 1 worker, where the 2 ran',
  nginxTwo: 'nginx, 2 workers',
  nginxLikeTwo: 'nginx, 1 worker, where the 2 ran',
} as const

const root = join(import.meta.dirname, '../..')
const algorithm = 'round-robin'

/** The reference balancer with one worker, the peers that are installed, and the reference and nginx with two workers. */
export async function peers(host: PlacementHost, scratch: string): Promise<Peer[]> {
  const placed = (cores: number) =>
    place({ cpus: host.cpus, cores, pinningError: host.pinningError })
  const [one, two] = [placed(1), placed(2)]
  const ours = (name: string, cores: number, placement: Placement): Peer => ({
    name,
    version: undefined,
    arm: { ...reference, name, cores },
    placement,
  })
  const others = await installed(one)
  const nginx = others.filter(({ name }) => name === names.nginx)
  const nginxWith = (name: string, cores: number): Peer[] =>
    nginx.map((peer) => ({ ...peer, name, arm: { ...peer.arm, name, cores }, placement: two }))
  return [
    ours(names.ours, 1, one),
    ...others,
    ...(await goProxy(one, scratch)),
    ours(names.two, 2, two),
    ...nginxWith(names.nginxTwo, 2),
    ...(two.shared.target
      ? [ours(names.likeTwo, 1, two), ...nginxWith(names.nginxLikeTwo, 1)]
      : []),
  ]
}

/** The compiled build, even where this script runs from the sources. */
const reference = {
  target: 'reference',
  algorithm,
  variant: { side: 'head', build: root },
} as const

async function installed(placement: Placement): Promise<Peer[]> {
  const found: Peer[] = []
  for (const name of ['nginx', 'haproxy', 'caddy']) {
    const target = findTarget(name)
    if ((await target.unavailable()) !== undefined) continue
    const arm = { name, target: name, algorithm, cores: 1 }
    found.push({ name, version: await target.version(), arm, placement })
  }
  return found
}

/** Compiled each time; the compiler caches most of it. */
async function goProxy(placement: Placement, scratch: string): Promise<Peer[]> {
  const go = which('go')
  if (go === undefined) return []
  const file = join(scratch, 'reverse-proxy')
  await promisify(execFile)(go, [
    'build',
    '-o',
    file,
    join(import.meta.dirname, 'reverse-proxy.go'),
  ])
  const { stdout } = await promisify(execFile)(go, ['env', 'GOVERSION'])
  const command = `GOMAXPROCS={workers} exec ${file} --listen 127.0.0.1:{port} --to {backends}`
  const arm: Arm = {
    name: names.go,
    target: 'command',
    algorithm,
    cores: 1,
    variant: { side: 'head', command },
  }
  return [{ name: names.go, version: stdout.trim().replace(/^go/, ''), arm, placement }]
}
