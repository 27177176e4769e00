import { grouped } from '../../kit/units.ts'
import { type Check, onFact } from './check.ts'

/** Seconds that a closed connection stays in the table: nf_conntrack_tcp_timeout_time_wait. */
const closedSeconds = 120

/** The table of connection tracking; a packet of a connection that does not fit is dropped. nf_conntrack-sysctl.rst. */
export const conntrack: Check = {
  name: 'conntrack',
  title: 'connection tracking',
  examine: ({ conntrack: fact }, { connections, rate = 0, keepAlive }) =>
    onFact(fact, (table) => {
      if (table === 'off') return { state: 'ok', found: 'off' }
      const { used, max } = table
      const closed = keepAlive ? 0 : closedSeconds * rate
      const needed = 2 * (connections + closed)
      const found = `${grouped(used)} of ${grouped(max)} entries used; the run needs ${grouped(needed)}`
      const share = (used + needed) / max
      if (share <= 0.8) return { state: 'ok', found }
      return {
        state: share > 1 ? 'bad' : 'warn',
        found,
        effect:
          share > 1
            ? 'packets of new connections are dropped ("nf_conntrack: table full" in dmesg): connect times out'
            : 'the table is nearly full: other connections of this host decide whether new ones are dropped',
        change: `sudo sysctl -w net.netfilter.nf_conntrack_max=${2 * (used + needed)}`,
        recheck: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
      }
    }),
}
