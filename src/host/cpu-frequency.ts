import { join } from 'node:path'
import { readTextOrEmpty } from './cgroup.ts'
import { type Fact, namesIn } from './fact.ts'

const folder = 'sys/devices/system/cpu'

/** Frequency governors of the CPUs, without duplicates. Documentation/admin-guide/pm/cpufreq.rst. */
export function governorsFact(root: string): Fact<readonly string[]> {
  const names = namesIn(join(root, folder)).filter((name) => /^cpu\d+$/.test(name))
  const found = names
    .map((name) => readTextOrEmpty(join(root, folder, name, 'cpufreq/scaling_governor')).trim())
    .filter((text) => text !== '')
  if (found.length > 0) return { value: [...new Set(found)] }
  return { why: `/${folder}/cpu*/cpufreq is missing, as in most virtual machines` }
}

/** Whether turbo is on: `no_turbo` of Intel's driver, `boost` of the others. */
export function turboFact(root: string): Fact<boolean> {
  const noTurbo = readTextOrEmpty(join(root, folder, 'intel_pstate/no_turbo')).trim()
  const boost = readTextOrEmpty(join(root, folder, 'cpufreq/boost')).trim()
  if (noTurbo !== '' || boost !== '') return { value: noTurbo !== '1' && boost !== '0' }
  return {
    why: `/${folder} has neither intel_pstate/no_turbo nor cpufreq/boost, as in most virtual machines`,
  }
}
