import type { Algorithm } from './algorithm.ts'
import { boundedLoad } from './bounded-load.ts'
import { consistentHash } from './consistent-hash.ts'
import { ipHash } from './ip-hash.ts'
import { leastConnections } from './least-connections.ts'
import { maglev } from './maglev.ts'
import { rendezvous } from './rendezvous.ts'
import { roundRobin } from './round-robin.ts'
import { weighted } from './weighted.ts'

/** Every algorithm that `lb` knows, in the order in which it lists them: one line each. */
export const algorithms: readonly Algorithm[] = [
  roundRobin,
  weighted,
  leastConnections,
  ipHash,
  consistentHash,
  boundedLoad,
  maglev,
  rendezvous,
]
