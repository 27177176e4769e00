import { grouped } from '../../kit/units.ts'
import { filesFor, openLoopInFlight } from '../../lab/host-limits.ts'
import { type Check, onFact } from './check.ts'

/** Descriptors: a connection on each side of the balancer is a file. getrlimit(2): RLIMIT_NOFILE. */
export const openFiles: Check = {
  name: 'open-files',
  title: 'open files',
  examine: ({ openFiles: fact }, { connections }) =>
    onFact(fact, ({ soft, hard }) => {
      const needed = filesFor(connections)
      const found = `${countOf(soft)} for each process; ${grouped(connections)} connections need ${grouped(needed)}`
      const change =
        hard >= needed
          ? { change: `ulimit -n ${needed}` }
          : { change: `sudo prlimit --pid $$ --nofile=${needed}` }
      const advice = 'of a service: LimitNOFILE= in its unit'
      const recheck = 'ulimit -n'
      if (soft < needed) {
        const most = Math.max(0, Math.floor((soft - filesFor(0)) / 2))
        const effect = `beyond ${grouped(most)} connections, accept and connect fail with EMFILE; lb refuses to start such a run`
        return { state: 'bad', found, effect, advice, ...change, recheck }
      }
      const wanted = filesFor(openLoopInFlight)
      if (soft >= wanted) return { state: 'ok', found }
      const effect = `the open loop drops arrivals beyond ${grouped(Math.floor((soft - filesFor(0)) / 2))} requests in flight, in place of ${grouped(openLoopInFlight)}`
      return { state: 'warn', found, effect, advice, change: `ulimit -n ${wanted}`, recheck }
    }),
}

function countOf(limit: number): string {
  return Number.isFinite(limit) ? grouped(limit) : 'no limit'
}
