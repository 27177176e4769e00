/** Settings that every target gets alike, so that a difference between two is theirs. */
export const sameForAll = {
  /** Where targets listen. */
  host: '127.0.0.1',
  /** Seconds until a connection to a backend must stand. */
  connect: 5,
  /** Seconds until a backend's first byte, and without a byte in the middle of an answer. */
  idle: 60,
  /** Connections to all backends together that each worker keeps open when they are idle. */
  pool: 256,
  /** Seconds that a client's connection may wait for its next request. */
  keepAlive: 60,
  /** Connections of clients that the target as a whole takes. */
  connections: 16_384,
} as const
