import type { FailureReason } from '../shared/failure-reasons.ts'

const reasons: Readonly<Record<number, FailureReason>> = {
  405: 'method-not-allowed',
  408: 'request-head-timeout',
  413: 'request-body-too-large',
  414: 'request-target-too-long',
  417: 'expectation-failed',
  431: 'request-head-too-large',
  501: 'not-implemented',
  505: 'version-unsupported',
}

/** Why the head of a request is refused, by the status that it is refused with. */
export function refusalReason(status: number): FailureReason {
  return reasons[status] ?? 'request-malformed'
}
