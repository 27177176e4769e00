import { percent } from '../../kit/units.ts'
import { type Check, onFact } from './check.ts'

/** Fraction of the time above which waiting tasks disturb, and disturb badly, while lb itself does nothing. */
const [some, much] = [0.1, 0.4]

/** CPU pressure: tasks that could run waited for a CPU. Documentation/accounting/psi.rst. */
export const pressure: Check = {
  name: 'cpu-pressure',
  title: 'CPU pressure (PSI)',
  examine: ({ pressure: fact }) =>
    onFact(fact, (share) => {
      const found = `tasks waited for a CPU in ${percent(share)} of the time`
      if (share <= some) return { state: 'ok', found }
      return {
        state: share > much ? 'bad' : 'warn',
        found,
        effect: 'other programs compete for the CPUs: trials wait, and are discarded as disturbed',
        advice: 'stop the other programs: "top" shows them',
        recheck: 'cat /proc/pressure/cpu',
      }
    }),
}
