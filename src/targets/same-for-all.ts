import { openFilesLimit } from '../host/open-files.ts'

/** Settings that every target gets alike, so that a difference between two is theirs. */
export const sameForAll = {
  /** Where targets listen. */
  address: '127.0.0.1',
  /** Connections of clients that it takes: each may have another one to a backend beside it. */
  connections: Math.min(16_384, Math.floor((openFilesLimit() - 200) / 2)),
  /** Seconds that a client's connection may wait for its next request. */
  keepAlive: 60,
  /** Seconds until a connection to a backend must stand. */
  connect: 5,
  /** Seconds until a backend's first byte, and without a byte in the middle of an answer. */
  idle: 60,
  /** Idle connections to each backend that each worker keeps, and for how many seconds. */
  poolPerBackend: 512,
  poolSeconds: 4,
  /** Backends that one request may be sent to. */
  tries: 3,
  /** Failures in a row that take a backend out, and for how many seconds. */
  failures: 5,
  ejection: 10,
} as const
