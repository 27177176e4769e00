import { type Check, onFact } from './check.ts'

/** Frequency governors other than `performance` change the frequency under load. Documentation/admin-guide/pm/cpufreq.rst. */
export const governor: Check = {
  name: 'cpu-governor',
  title: 'CPU governor',
  examine: ({ governors }) =>
    onFact(governors, (names) => {
      const found = names.join(', ')
      if (names.every((name) => name === 'performance')) return { state: 'ok', found }
      return {
        state: 'warn',
        found,
        effect:
          'the frequency follows the load: a slow first second, and latency at a low rate that is higher than at a high one',
        change: 'sudo cpupower frequency-set -g performance',
        recheck: 'cat /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor',
      }
    }),
}
