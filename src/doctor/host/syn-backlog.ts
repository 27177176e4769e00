import { grouped } from '../../kit/units.ts'
import { type Check, onFact } from './check.ts'

/** Half-open connections, whose handshake is under way. tcp(7): tcp_max_syn_backlog, tcp_syncookies. */
export const synBacklog: Check = {
  name: 'syn-backlog',
  title: 'SYN backlog',
  examine: ({ synBacklog: fact }, { connections }) =>
    onFact(fact, ({ entries, cookies }) => {
      const found = `${grouped(entries)} half-open connections, SYN cookies ${cookies ? 'on' : 'off'}`
      if (entries >= Math.min(connections, 128)) return { state: 'ok', found }
      const wanted = Math.max(4096, 2 ** Math.ceil(Math.log2(connections)))
      const common = {
        found,
        change: `sudo sysctl -w net.ipv4.tcp_max_syn_backlog=${wanted}`,
        recheck: 'sysctl net.ipv4.tcp_max_syn_backlog',
      }
      return cookies
        ? {
            state: 'warn',
            ...common,
            effect: `a burst of new connections beyond ${grouped(entries)} gets SYN cookies, which lose some TCP options`,
          }
        : {
            state: 'bad',
            ...common,
            effect: `a burst of new connections beyond ${grouped(entries)} is dropped and tried again after 1 s`,
          }
    }),
}
