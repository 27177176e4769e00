import { expect, test } from 'vitest'
import { hostFitness } from '../../../src/experiment/selftest/host-fitness.ts'
import { openTempDir } from '../../../src/lab/temp-dir.ts'
import { writeTree } from '../../support/processes/file-tree.ts'

/** Code → state of each check, on a machine with these files. */
async function states(files: Record<string, string>) {
  await using scratch = await openTempDir()
  await writeTree(scratch.path, files)
  const found = await hostFitness({ root: scratch.path, watch: 0.01, cpus: 2 })
  return Object.fromEntries(found.map(({ code, state }) => [code, state]))
}

test('a machine that is set up for measuring passes every check', async () => {
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

test('every setting that disturbs measurements is found', async () => {
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
  expect(wrong).toEqual([
    { code: 'cpu-governor', state: 'warn', values: { governors: ['powersave'] } },
    { code: 'turbo', state: 'warn', values: { enabled: true } },
    { code: 'load', state: 'bad', values: { average: 3.2, cpus: 2 } },
    { code: 'huge-pages', state: 'warn', values: { mode: 'always' } },
    { code: 'open-files', state: 'warn', values: { limit: 1024 } },
    { code: 'port-range', state: 'warn', values: { first: 60_000, last: 60_999 } },
  ])
})

test('a property that cannot be read is unknown, never ok', async () => {
  expect(new Set(Object.values(await states({})))).toEqual(new Set(['unknown']))
})
