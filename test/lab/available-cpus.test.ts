import { expect, test } from 'vitest'
import { availableCpus, cpuList } from '../../src/lab/available-cpus.ts'
import { openTempDir } from '../../src/lab/temp-dir.ts'
import { writeTree } from '../support/processes/file-tree.ts'

/** The CPUs that are read from a kernel file system with these files. */
async function read(files: Record<string, string>) {
  await using tempDir = await openTempDir()
  await writeTree(tempDir.path, files)
  return availableCpus(tempDir.path)
}

const status = 'Name:\tnode\nCpus_allowed:\tf\nCpus_allowed_list:\t0-2,5\n'

test('a CPU list of the kernel is read with its ranges', () => {
  expect(cpuList('0-2,5,8-9')).toEqual([0, 1, 2, 5, 8, 9])
})

test('without a quota all CPUs of the affinity count', async () => {
  expect(await read({ 'proc/self/status': status })).toEqual({
    list: [0, 1, 2, 5],
    quota: Number.POSITIVE_INFINITY,
    count: 4,
  })
})

test('cgroup v2: the lowest quota of the cgroup and its ancestors counts', async () => {
  const { quota, count } = await read({
    'proc/self/status': status,
    'proc/self/cgroup': '0::/user/session\n',
    'sys/fs/cgroup/cgroup.controllers': 'cpu memory',
    'sys/fs/cgroup/user/session/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/user/cpu.max': '150000 100000\n',
  })
  expect({ quota, count }).toEqual({ quota: 1.5, count: 1.5 })
})

test('cgroup v2 in a container: the root of the mount is its own cgroup', async () => {
  const { quota } = await read({
    'proc/self/status': status,
    'proc/self/cgroup': '0::/docker/1f9c\n',
    'sys/fs/cgroup/cgroup.controllers': 'cpu memory',
    'sys/fs/cgroup/cpu.max': '50000 100000\n',
  })
  expect(quota).toBe(0.5)
})

test('cgroup v1: quota and period are two files, and −1 means no quota', async () => {
  const files = {
    'proc/self/status': status,
    'proc/self/cgroup': '3:cpu,cpuacct:/lb\n0::/\n',
    'sys/fs/cgroup/cpu/lb/cpu.cfs_quota_us': '300000\n',
    'sys/fs/cgroup/cpu/lb/cpu.cfs_period_us': '100000\n',
  }
  expect((await read(files)).quota).toBe(3)
  const free = { ...files, 'sys/fs/cgroup/cpu/lb/cpu.cfs_quota_us': '-1\n' }
  expect((await read(free)).quota).toBe(Number.POSITIVE_INFINITY)
})

test('this host has at least one CPU for us', () => {
  expect(availableCpus().count).toBeGreaterThan(0)
})
