import { expect, test } from 'vitest'
import { hostFitness } from '../../../src/experiment/selftest/host-fitness.ts'
import { openTempDir } from '../../../src/lab/temp-dir.ts'
import { writeTree } from '../../support/file-tree.ts'

/** Name → state of each check, on a machine with these files. */
async function states(files: Record<string, string>) {
  await using scratch = await openTempDir()
  await writeTree(scratch.path, files)
  const found = await hostFitness({ root: scratch.path, watch: 0.01, cpus: 2 })
  return Object.fromEntries(found.map(({ name, state }) => [name, state]))
}

test('a machine that is set up for measuring is fit in everything', async () => {
  const found = await states({
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'performance\n',
    'sys/devices/system/cpu/intel_pstate/no_turbo': '1\n',
    'proc/stat': 'cpu  100 10 50 1000 5 7 9 20 0 0\n',
    'proc/loadavg': '0.05 0.01 0.00 1/100 1\n',
    'sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
    'proc/self/limits':
      'Max open files            65536                65536                files\n',
    'proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  })
  expect(new Set(Object.values(found))).toEqual(new Set(['ok']))
})

test('what disturbs is named, each with its advice', async () => {
  await using scratch = await openTempDir()
  await writeTree(scratch.path, {
    'sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave\n',
    'sys/devices/system/cpu/cpufreq/boost': '1\n',
    'proc/loadavg': '3.20 0.01 0.00 1/100 1\n',
    'sys/kernel/mm/transparent_hugepage/enabled': '[always] madvise never\n',
    'proc/self/limits':
      'Max open files            1024                65536                files\n',
    'proc/sys/net/ipv4/ip_local_port_range': '60000\t60999\n',
  })
  const found = await hostFitness({ root: scratch.path, watch: 0.01, cpus: 2 })
  const wrong = found.filter(({ state }) => state === 'warn' || state === 'bad')
  expect(wrong.map(({ name, state }) => `${name}: ${state}`)).toEqual([
    'CPU governor: warn',
    'turbo: warn',
    'load: bad',
    'transparent huge pages: warn',
    'open files: warn',
    'port range: warn',
  ])
  expect(wrong.filter(({ advice }) => advice === '')).toEqual([])
})

test('what a machine does not tell is unknown, and never fine', async () => {
  expect(new Set(Object.values(await states({})))).toEqual(new Set(['unknown']))
})
