import type { StepResponse } from '../../driver/journey/client.ts'
import { countSelected } from './selected-metrics.ts'
import type { SharedState } from './shared-state.ts'
import type { VirtualUser } from './virtual-user.ts'

/** A request that has ended. */
interface EndedRequest {
  readonly method: string
  readonly url: URL
  readonly response: StepResponse
  readonly isFailed: boolean
  /** Tags of the script, and its name. */
  readonly tags: Readonly<Record<string, string>>
}

/** Counts a request for the thresholds that select it. Phases of a request that the driver does not time are 0. */
export function countRequest(
  user: VirtualUser,
  shared: SharedState,
  { method, url, response, isFailed, tags }: EndedRequest,
): void {
  if (shared.selectors.length === 0) return
  const { status, durationMs } = response
  const values = {
    ...{ http_reqs: 1, http_req_failed: Number(isFailed) },
    ...{ http_req_duration: durationMs, http_req_waiting: durationMs },
    ...{ http_req_blocked: 0, http_req_connecting: 0, http_req_tls_handshaking: 0 },
    ...{ http_req_sending: 0, http_req_receiving: 0 },
  }
  const all = {
    ...{ ...tags, method, url: url.href, status: String(status) },
    expected_response: String(!isFailed),
  }
  for (const [metric, value] of Object.entries(values)) {
    countSelected(user, shared, { metric, value, tags: all })
  }
}
