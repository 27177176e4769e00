import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engineOf } from '../../src/engine/engine-of.ts'
import { nodesOf } from '../../src/engine/nodes.ts'
import { lostTasks, slurmLauncher } from '../../src/engine/slurm.ts'
import { sshLauncher } from '../../src/engine/ssh.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-nodes-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('nodes are a number, hosts by name, or a file', async () => {
  const file = join(folder, 'nodes.yaml')
  await writeFile(file, 'drivers: [n1, user@n2]\ncommand: [ssh, -p, "2222"]\nlb: /opt/lb\n')
  await expect(nodesOf('drivers=3')).resolves.toEqual({ drivers: 3 })
  await expect(nodesOf('drivers=n1,user@n2')).resolves.toEqual({ drivers: ['n1', 'user@n2'] })
  await expect(nodesOf(file)).resolves.toEqual({
    drivers: ['n1', 'user@n2'],
    command: ['ssh', '-p', '2222'],
    lb: '/opt/lb',
  })
})

test.for([
  ['3', '--nodes "3" names no drivers'],
  ['backends=2', '--nodes "backends=2" names no drivers'],
  ['drivers=0', '--nodes drivers=0 is not from 1 to 1000'],
  ['drivers=1,backends=2,target=1', '--nodes backends=2: backends run on one node'],
  ['drivers=a,target=b,c', '--nodes target=b,c: the target runs on one node'],
  ['drivers=a,servers=b', 'servers is none of drivers, backends, target'],
  ['drivers=a,backends=b,drivers=c', '--nodes names drivers= twice'],
  ['drivers=a,,b', '"" of --nodes is not a host'],
  // It would be an option of ssh.
  ['drivers=-oProxyCommand=x', '"-oProxyCommand=x" of --nodes is not a host'],
  ['./none.yaml', 'cannot read ./none.yaml'],
])('--nodes %s: %s', async ([given, message]) => {
  await expect(nodesOf(given as string)).rejects.toThrow(message as string)
})

test('backends and target have nodes of their own, where lb starts them', async () => {
  const file = join(folder, 'roles.yaml')
  await writeFile(file, 'drivers: 2\nbackends: 1\ntarget: 1\nnetwork: 10.77.0.0/24\n')
  await expect(nodesOf('drivers=3,backends=1,target=1')).resolves.toEqual({
    ...{ drivers: 3, backends: 1, target: 1 },
  })
  await expect(nodesOf('drivers=a,b,backends=c,target=user@d')).resolves.toEqual({
    ...{ drivers: ['a', 'b'], backends: ['c'], target: ['user@d'] },
  })
  await expect(nodesOf(file)).resolves.toEqual({
    ...{ drivers: 2, backends: 1, target: 1, network: '10.77.0.0/24' },
  })
  await writeFile(file, 'drivers: 2\nnetwork: eth0\n')
  await expect(nodesOf(file)).rejects.toThrow(`${file}, line 2: not a network`)
})

test.for([
  [slurmLauncher({ nodes: 1, command: ['no-srun'] }), '--engine slurm: no-srun is not installed'],
  [sshLauncher({ hosts: ['a'], command: ['/no/ssh'] }), '--engine ssh: /no/ssh is not installed'],
] as const)('an engine that is not installed is refused: %#', ([launcher, message]) => {
  expect(() => launcher.launch(1)).toThrow(message)
})

test('a mistake in a file has its line', async () => {
  const file = join(folder, 'wrong.yaml')
  await writeFile(file, 'drivers: 3\nhosts: [a]\n')
  await expect(nodesOf(file)).rejects.toThrow(`${file}, line `)
})

test.for([
  [{ engine: 'ssh' }, '--engine ssh needs nodes'],
  [{ engine: 'ssh', nodes: 'drivers=3' }, '--nodes drivers=3 names no hosts, which ssh needs'],
  [{ engine: 'slurm', nodes: 'drivers=a,b' }, 'Slurm chooses nodes itself'],
  [{ engine: 'slurm', nodes: 'drivers=2,backends=a' }, 'Slurm chooses nodes itself'],
  [{ engine: 'ssh', nodes: 'drivers=a,target=1' }, '--nodes target=1 names no hosts'],
  [{ engine: 'local', nodes: 'drivers=3' }, '--nodes is for drivers on other hosts'],
] as const)('%o: %s', async ([flags, message]) => {
  await expect(engineOf({ ...flags, maxSeconds: 1 })).rejects.toThrow(message)
})

test('lines of srun say which tasks have ended', () => {
  expect(lostTasks('srun: error: n1: task 1: Killed')).toEqual([
    { number: 1, reason: 'was ended (Slurm: Killed)' },
  ])
  expect(lostTasks('srun: error: n[0-2]: tasks 0-1,3: Exited with exit code 1')).toMatchObject([
    { number: 0 },
    { number: 1 },
    { number: 3, reason: 'was ended (Slurm: Exited with exit code 1)' },
  ])
  expect(lostTasks('srun: Job step aborted: Waiting up to 32 seconds')).toEqual([])
})
