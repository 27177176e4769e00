import { type Check, onFact } from './check.ts'

/** Load per CPU over the last minute above which other programs disturb, and disturb badly. */
const [some, much] = [0.1, 0.5]

/** Runnable tasks over the last minute. proc_loadavg(5). */
export const load: Check = {
  name: 'load',
  title: 'load',
  examine: ({ load: fact, cpus }) =>
    onFact(fact, (average) => {
      const found = `${average.toFixed(2)} on ${cpus.list.length} CPUs over the last minute`
      const each = average / cpus.list.length
      if (each <= some) return { state: 'ok', found }
      return {
        state: each > much ? 'bad' : 'warn',
        found,
        effect: 'other programs use the CPUs: trials wait, and are discarded as disturbed',
        advice: 'stop the other programs, or wait until they have ended: "top" shows them',
        recheck: 'uptime',
      }
    }),
}
