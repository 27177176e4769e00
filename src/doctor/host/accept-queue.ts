import { grouped } from '../../kit/units.ts'
import { type Check, onFact } from './check.ts'

/** The backlog that nginx, and Node by default, request for a listening socket. */
const usualBacklog = 511

/** The accept queue: connections that the kernel has established and the server has not accepted. listen(2). */
export const acceptQueue: Check = {
  name: 'somaxconn',
  title: 'accept queue (somaxconn)',
  examine: ({ somaxconn }, { connections }) =>
    onFact(somaxconn, (limit) => {
      const found = `${grouped(limit)} for each listening socket`
      if (limit >= Math.min(connections, usualBacklog)) return { state: 'ok', found }
      const wanted = Math.max(4096, 2 ** Math.ceil(Math.log2(connections)))
      return {
        state: 'bad',
        found,
        effect: `of ${grouped(connections)} connections that are opened at once, those beyond ${grouped(limit)} are dropped and tried again after 1 s: a p99 of 1 s or 3 s, and time-outs`,
        change: `sudo sysctl -w net.core.somaxconn=${wanted}`,
        advice: 'start the server again: a listening socket keeps the limit it was made with',
        recheck: 'sysctl net.core.somaxconn; ss -ltn  # Send-Q is the limit of each socket',
      }
    }),
}
