import { percent } from '../../kit/units.ts'
import { type Check, onFact } from './check.ts'

/** Fraction of the CPU time above which steal disturbs, and disturbs badly. */
const [some, much] = [0.01, 0.05]

/** Steal time: the hypervisor gave the CPU to another machine. proc_stat(5). */
export const steal: Check = {
  name: 'steal',
  title: 'steal',
  examine: ({ steal: fact }) =>
    onFact(fact, (share) => {
      const found = `${percent(share)} of the CPU time`
      if (share <= some) return { state: 'ok', found }
      return {
        state: share > much ? 'bad' : 'warn',
        found,
        effect:
          'the CPU stands still while another machine runs: throughput falls and the tail grows with the load of neighbours',
        advice: 'use a machine with CPUs of its own (dedicated, not burstable)',
        recheck: 'vmstat 1 5  # column st',
      }
    }),
}
