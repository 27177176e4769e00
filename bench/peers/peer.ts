import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { which } from '../../src/host/which.ts'
import { type Placement, type PlacementHost, place } from '../../src/lab/cores.ts'
import type { Arm } from '../../src/plan/plan.ts'
import { findTarget } from '../../src/targets/find-target.ts'

/** Who is measured, and where it runs. */
export interface Peer {
  readonly name: string
  readonly version: string | undefined
  readonly arm: Arm
  readonly placement: Placement
}

/** What the section calls them that its bars are about. */
export const names = {
  ours: 'lb',
  nginx: 'nginx',
  go: 'Go, httputil.ReverseProxy',
  two: 'lb, 2 workers',
  /** Beside the one above, where two workers leave no CPU to the driver: one worker under the same conditions. */
  likeTwo: 'lb, 1 worker, where the 2 ran',
} as const

const root = join(import.meta.dirname, '../..')
const algorithm = 'round-robin'

/** Ours with one worker, the peers that are installed, and ours with two workers. */
export async function contenders(host: PlacementHost, scratch: string): Promise<Peer[]> {
  const placed = (cores: number) =>
    place({ cpus: host.cpus, cores, pinningError: host.pinningError })
  const [one, two] = [placed(1), placed(2)]
  const ours = (name: string, cores: number, placement: Placement): Peer => ({
    name,
    version: undefined,
    arm: { ...reference, name, cores },
    placement,
  })
  return [
    ours(names.ours, 1, one),
    ...(await installed(one)),
    ...(await goProxy(one, scratch)),
    ours(names.two, 2, two),
    ...(two.shared.target ? [ours(names.likeTwo, 1, two)] : []),
  ]
}

/** The build, also where this script runs from the sources. */
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

/** Built afresh: the compiler keeps what it can. */
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
