import { accessLog } from './access-log.ts'
import { algorithm } from './algorithm.ts'
import { backlog } from './backlog.ts'
import { buffering } from './buffering.ts'
import { healthInterval } from './health-interval.ts'
import { http2Backends } from './http2-backends.ts'
import { http2Clients } from './http2-clients.ts'
import { keepAliveProbes } from './keep-alive-probes.ts'
import { keepaliveRequests } from './keepalive-requests.ts'
import type { Knob } from './knob.ts'
import { limiter } from './limiter.ts'
import { oldSpace } from './old-space.ts'
import { poolIdle } from './pool-idle.ts'
import { poolSize } from './pool-size.ts'
import { pooling } from './pooling.ts'
import { readBuffer } from './read-buffer.ts'
import { retries } from './retries.ts'
import { sharedState } from './shared-state.ts'
import { workers } from './workers.ts'
import { youngGeneration } from './young-generation.ts'

/** All knobs. Where the time does not allow all, those at the end are left out first. */
export const knobs: readonly Knob[] = [
  ...[pooling, http2Clients, http2Backends, workers, accessLog, youngGeneration, algorithm],
  ...[poolSize, sharedState, readBuffer, limiter, buffering, keepAliveProbes, retries],
  ...[healthInterval, poolIdle, backlog, oldSpace, keepaliveRequests],
]
