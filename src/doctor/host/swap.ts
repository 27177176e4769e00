import { percent, quantity } from '../../kit/units.ts'
import { type Check, onFact } from './check.ts'

/** Fraction of the memory below which a run may begin to swap. */
const littleMemory = 0.05

/** Swapping, and the memory that is left. proc_vmstat(5), proc_meminfo(5). */
export const swap: Check = {
  name: 'swap',
  title: 'swap',
  examine: ({ swapped, memory }) =>
    onFact(swapped, ({ pages, seconds }) => {
      const left = 'why' in memory ? undefined : memory.value
      const available = left === undefined ? '' : `, ${quantity(left.available, 'bytes')} available`
      const found = `${pages} pages moved in ${seconds} s${available}`
      const recheck = 'vmstat 1 5  # columns si and so are 0'
      if (pages > 0) {
        const effect =
          'a process that touches a swapped page waits for the disk: latencies of 10 ms and more that no balancer causes'
        const advice = 'free memory: "ps aux --sort=-rss | head" shows the largest processes'
        return { state: 'bad', found, effect, advice, change: 'sudo swapoff -a', recheck }
      }
      if (left === undefined || left.available >= littleMemory * left.total) {
        return { state: 'ok', found }
      }
      return {
        state: 'warn',
        found,
        effect: `${percent(left.available / left.total)} of the memory is left: the run may swap, or be killed`,
        advice: 'free memory: "ps aux --sort=-rss | head" shows the largest processes',
        recheck: 'free -h',
      }
    }),
}
