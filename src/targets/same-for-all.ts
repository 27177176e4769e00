import { openFilesLimit } from '../host/open-files.ts'

/** Settings that are equal in all targets, so that they cause no difference between them. */
export const sameForAll = {
  /** Address that targets listen on. */
  address: '127.0.0.1',
  /** Maximum number of client connections; for each there may be one to a backend. */
  connections: Math.min(16_384, Math.floor((openFilesLimit() - 200) / 2)),
  /** Seconds that an idle client connection is kept. */
  keepAlive: 60,
  /** Time-out of connecting to a backend, seconds. */
  connect: 5,
  /** Time-out until a backend's first byte, and between two bytes of a response, seconds. */
  idle: 60,
  /** Idle connections that each worker keeps to each backend, and for how many seconds. */
  poolPerBackend: 512,
  poolSeconds: 4,
  /** Maximum number of backends that are tried for one request. */
  tries: 3,
  /** Failures in a row after which a backend is ejected, and for how many seconds. */
  failures: 5,
  ejection: 10,
} as const
