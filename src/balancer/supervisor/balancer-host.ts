import { type Listen, listen } from '../../kit/listen.ts'
import { listenUnix } from '../../kit/listen-unix.ts'

/** The process that the balancer runs in, which may have a parent that restarts it. */
export interface BalancerHost {
  /** Starts a server listening; under a parent, on a socket that outlives this process. */
  readonly listen: Listen
  /** The same on a unix socket. */
  readonly listenUnix: typeof listenUnix
  /** The balancer is about to close its listening sockets: resolves once the parent has closed its own. */
  release(): Promise<void>
  /** How often the process was restarted. */
  readonly restarts: number
}

/** A process without a parent. */
export const ownProcess: BalancerHost = {
  listen,
  listenUnix,
  release: () => Promise.resolve(),
  restarts: 0,
}
