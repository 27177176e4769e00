import { expect, test } from 'vitest'
import { openTempDir } from '../../src/lab/temp-dir.ts'
import { meterHost } from '../../src/meter/host.ts'
import { writeTree } from '../support/processes/file-tree.ts'

test('usage is the difference of two readings, in seconds', async () => {
  await using scratch = await openTempDir()
  const common = { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cgroup.controllers': 'cpu' }
  await writeTree(scratch.path, {
    ...common,
    'proc/stat': 'cpu  100 10 50 1000 5 7 9 20 0 0\ncpu0 100 10 50 1000 5 7 9 20 0 0\n',
    'proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\n',
    'proc/vmstat': 'pswpin 5\npswpout 7\n',
    'sys/fs/cgroup/cpu.stat': 'usage_usec 1\nnr_throttled 1\nthrottled_usec 250000\n',
  })
  const meter = meterHost(scratch.path)
  meter.open()
  await writeTree(scratch.path, {
    'proc/stat': 'cpu  300 20 90 1100 5 70 90 45 0 0\n',
    'proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\n',
    'proc/vmstat': 'pswpin 6\npswpout 9\n',
    'sys/fs/cgroup/cpu.stat': 'usage_usec 1\nnr_throttled 2\nthrottled_usec 450000\n',
  })
  meter.close()
  const use = meter.usage()
  expect(use.busySeconds).toBeCloseTo(2.5, 9)
  expect(use.stealSeconds).toBeCloseTo(0.25, 9)
  expect(use.pressureSeconds).toBeCloseTo(0.5, 9)
  expect(use.throttledSeconds).toBeCloseTo(0.2, 9)
  expect(use.swappedPages).toBe(3)
})

test('a kernel without pressure, quota and swap counters has no pressure and 0 of the others', async () => {
  await using scratch = await openTempDir()
  const meter = meterHost(scratch.path)
  meter.open()
  meter.close()
  expect(meter.usage()).toEqual({
    busySeconds: 0,
    stealSeconds: 0,
    pressureSeconds: undefined,
    throttledSeconds: 0,
    swappedPages: 0,
  })
})
