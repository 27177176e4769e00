import type { Socket } from 'node:net'

/** The behaviour of a client on its connection; it calls `begun` once the connection counts as open. */
export type Behaviour = (socket: Socket, begun: () => void) => void
