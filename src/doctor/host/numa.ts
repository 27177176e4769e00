import { plural } from '../../kit/plural.ts'
import { cpuList } from '../../lab/available-cpus.ts'
import { type Check, onFact } from './check.ts'

/** Memory of another NUMA node takes longer to reach. numa(7). */
export const numa: Check = {
  name: 'numa',
  title: 'NUMA',
  examine: ({ numaNodes, cpus }) =>
    onFact(numaNodes, (nodes) => {
      const used = nodes.filter((list) => cpuList(list).some((cpu) => cpus.list.includes(cpu)))
      const found = `${plural(nodes.length, 'node')}, CPUs of ${used.length} may be used`
      if (used.length <= 1) return { state: 'ok', found }
      return {
        state: 'warn',
        found,
        effect:
          'processes on different nodes share memory over the link between them: figures depend on where the kernel puts each',
        change: 'numactl --cpunodebind=0 --membind=0 lb bench',
        recheck: 'numactl --show',
      }
    }),
}
