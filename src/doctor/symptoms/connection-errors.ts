import { percent } from '../../kit/units.ts'
import type { Leaf } from '../../result/diagnosis.ts'
import type { Evidence, Observed, Proposals } from './observed.ts'
import type { Symptom } from './symptom.ts'

/** A way in which connections fail: the kinds of failure that show it, and its leaf. */
interface Failure {
  readonly name: string
  readonly kinds: RegExp
  readonly says: string
  readonly certainty: Leaf['certainty']
  readonly advice: string
  command(propose: Proposals): string
}

/** The ways, the specific ones first: the first that matches a kind has it. */
const failures: readonly Failure[] = [
  {
    name: 'no-files',
    kinds: /EMFILE|ENFILE/,
    says: 'a process has as many open files as it may have',
    certainty: 'shown',
    advice: 'raise the limit of open files',
    command: (propose) => propose.host(),
  },
  {
    name: 'no-ports',
    kinds: /EADDRNOTAVAIL/,
    says: 'the host has no local port left for a connection to this address',
    certainty: 'shown',
    advice: 'keep connections (keep-alive), or widen the range of ports',
    command: (propose) => propose.host(),
  },
  {
    name: 'refused',
    kinds: /ECONNREFUSED|not-sent-target-refuses|wrk: connect/,
    says: 'no process listened: the target ended, restarted, or listens on another address',
    certainty: 'shown',
    advice: 'read the log of the target, and look whether it was restarted',
    command: (propose) => propose.host(),
  },
  {
    name: 'name-or-route',
    kinds: /ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/,
    says: 'the name or the address of the target is not reachable',
    certainty: 'shown',
    advice: 'look up the name, and the route to its address',
    command: (propose) => propose.once(),
  },
  {
    name: 'tls',
    kinds: /CERT|ERR_TLS|ERR_SSL|EPROTO|ALPN/,
    says: 'the TLS handshake failed',
    certainty: 'shown',
    advice: 'check the certificate, its name and its chain (--ca)',
    command: (propose) => propose.once(),
  },
  {
    name: 'timed-out',
    kinds: /timed out|ETIMEDOUT|did not end/,
    says: 'responses, or handshakes, took longer than the time-out',
    certainty: 'open',
    advice:
      'a lower rate: where the time-outs end, the target was full; where they stay, a backend or the network does not respond',
    command: (propose) => propose.capacity('errors<0.1%'),
  },
  {
    name: 'reset',
    kinds: /ECONNRESET|EPIPE|ECONNABORTED|closed|socket hang up|UND_ERR_SOCKET|reset/i,
    says: 'connections were closed in the middle of a request',
    certainty: 'likely',
    advice:
      'the idle time-out of the side that closes must be longer than that of the other; a target that crashes closes all at once',
    command: (propose) => propose.once(),
  },
  {
    name: 'not-sent',
    kinds: /^not-sent-/,
    says: 'requests that were due were never sent: too many were in flight, or the driver was late',
    certainty: 'shown',
    advice: 'a lower rate; then look why responses take so long',
    command: (propose) => propose.capacity('p99<100ms'),
  },
  {
    name: 'other-errors',
    kinds: /^(?!status )/,
    says: 'requests failed in a way that the figures do not explain',
    certainty: 'open',
    advice: 'look at one request with its response',
    command: (propose) => propose.once(),
  },
]

/** Requests that got no response. */
export const connectionErrors: Symptom = {
  name: 'connection-errors',
  title: 'connection errors',
  examine(evidence) {
    const { observed } = evidence
    const shares = observed.map((one) => errorsOf(one) / Math.max(1, one.requests))
    return {
      found: `at most ${percent(Math.max(0, ...shares))} of the requests got no response`,
      leaves: observed.flatMap((one) => leavesOf(one, evidence)),
    }
  },
}

function errorsOf({ kinds }: Observed): number {
  const errors = Object.entries(kinds).filter(([kind]) => !kind.startsWith('status '))
  return errors.reduce((sum, [, count]) => sum + count, 0)
}

function leavesOf(one: Observed, { propose }: Evidence): Leaf[] {
  const { subject, kinds, requests, hasFaults } = one
  const errors = Object.entries(kinds).filter(
    ([kind, count]) => count > 0 && !kind.startsWith('status '),
  )
  const byFailure = Map.groupBy(errors, ([kind]) =>
    failures.find((failure) => failure.kinds.test(kind)),
  )
  return [...byFailure].flatMap(([failure, found]): Leaf[] => {
    if (failure === undefined) return []
    const { name, says, certainty, advice, command } = failure
    const count = found.reduce((sum, [, n]) => sum + n, 0)
    return [
      {
        ...{ name, subject, says, certainty, advice, command: command(propose) },
        evidence: [
          `${count} of ${requests} requests: ${found.map(([kind, n]) => `${kind} ${n}×`).join(', ')}`,
          ...(hasFaults ? ['faults were injected into backends in this run'] : []),
        ],
      },
    ]
  })
}
