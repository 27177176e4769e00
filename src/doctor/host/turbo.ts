import { type Check, onFact } from './check.ts'

/** With turbo, speed depends on heat and on neighbours. Documentation/admin-guide/pm/intel_pstate.rst. */
export const turbo: Check = {
  name: 'turbo',
  title: 'turbo',
  examine: ({ turbo: fact }) =>
    onFact(fact, (isOn) => {
      if (!isOn) return { state: 'ok', found: 'off' }
      return {
        state: 'warn',
        found: 'on',
        effect: 'speed depends on heat and on the other cores: trials differ more from each other',
        change:
          'echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo  # or 0 into cpufreq/boost',
        recheck:
          'cat /sys/devices/system/cpu/intel_pstate/no_turbo /sys/devices/system/cpu/cpufreq/boost',
      }
    }),
}
