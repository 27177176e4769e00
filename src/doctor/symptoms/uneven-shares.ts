import { percent } from '../../kit/units.ts'
import type { Leaf } from '../../result/diagnosis.ts'
import type { Evidence, Observed } from './observed.ts'
import type { Symptom } from './symptom.ts'

/** Deviation of a share from its ideal, as a fraction of it, from which shares are uneven. */
const uneven = 0.25

/** Requests of an arm below which shares are chance. */
const enough = 500

/** Algorithms whose choice follows from a key of the request. */
const byKey = /hash|maglev|rendezvous/

/** Backends, or workers, get other shares than they should. */
export const unevenShares: Symptom = {
  name: 'uneven-shares',
  title: 'uneven shares',
  examine(evidence) {
    const measured = evidence.observed.filter(
      ({ perBackend, perWorker, requests, hasFaults }) =>
        !hasFaults && requests >= enough && (perBackend.length > 1 || perWorker.length > 1),
    )
    if (measured.length === 0) {
      return { missing: 'no shares of several backends or workers without faults' }
    }
    const furthest = Math.max(0, ...measured.map(deviation))
    return {
      found: `shares of backends are off by at most ${percent(furthest)}`,
      leaves: measured.flatMap((one) => [
        ...backendLeaves(one, evidence),
        ...workerLeaves(one, evidence),
      ]),
    }
  },
}

/** The largest distance of a backend's share from its ideal, relative to that: equal shares, or weights where these count. */
function deviation({ perBackend, weights, balance }: Observed): number {
  if (balance?.maxDeviation !== undefined) return balance.maxDeviation
  const sum = (all: readonly number[]) => all.reduce((total, n) => total + n, 0)
  const ideal = perBackend.map((_, i) => (weights[i] ?? 1) / Math.max(1, sum(weights)))
  const all = Math.max(1, sum(perBackend))
  const off = perBackend.map((n, i) => Math.abs(n / all / (ideal[i] || 1) - 1))
  return Math.max(0, ...off)
}

function backendLeaves(one: Observed, { propose }: Evidence): Leaf[] {
  const { subject, perBackend, weights, algorithm = '', balance } = one
  if (perBackend.length < 2) return []
  const shares = `requests of the backends: ${perBackend.join(', ')}`
  const fair = perBackend.reduce((sum, n) => sum + n, 0) / perBackend.length
  const unused = perBackend.flatMap((n, i) =>
    (weights[i] ?? 1) > 0 && n < 0.02 * fair ? [i + 1] : [],
  )
  if (unused.length > 0 && !byKey.test(algorithm)) {
    return [
      {
        ...{ name: 'backend-unused', subject, certainty: 'likely' },
        says: `backend ${unused.join(', ')} got next to no requests: it is down, ejected, or missing in the configuration`,
        evidence: [shares],
        advice: 'look at its health checks and ejections, and at the configuration of the target',
        command: propose.configuration(),
      },
    ]
  }
  const { slowest } = balance ?? {}
  if (slowest !== undefined && slowest.share > 1.25 * slowest.shareBySpeed) {
    return [
      {
        ...{ name: 'slow-backend-full', subject, certainty: 'shown' },
        says: 'the slowest backends get more requests than their speed allows',
        evidence: [
          `backend ${slowest.backends.map((i) => i + 1).join(', ')} got ${percent(slowest.share)}, by speed it would be ${percent(slowest.shareBySpeed)}`,
        ],
        advice: 'an algorithm that sees load or latency',
        command: propose.again(['--algo', 'round-robin,least-connections,peak-ewma']),
      },
    ]
  }
  const off = deviation(one)
  if (off < uneven) return []
  if (byKey.test(algorithm)) {
    return [
      {
        ...{ name: 'few-keys', subject, certainty: 'likely' },
        says: 'requests with one key go to one backend, and there are few keys or one is frequent',
        evidence: [shares, `algorithm ${algorithm}`, `off by ${percent(off)}`],
        advice: 'more keys, or bounded-load, which moves what is too much to the next backend',
        command: propose.again(['--algo', `${algorithm},bounded-load`]),
      },
    ]
  }
  return [
    {
      ...{ name: 'shares-open', subject, certainty: 'open' },
      says: 'shares are uneven, and nothing in the figures says why',
      evidence: [shares, `off by ${percent(off)}`],
      advice: 'compare with an algorithm that is even by construction',
      command: propose.again(['--algo', 'round-robin,least-connections']),
    },
  ]
}

function workerLeaves(
  { subject, perWorker, connections }: Observed,
  { propose }: Evidence,
): Leaf[] {
  const sum = perWorker.reduce((total, n) => total + n, 0)
  const most = (Math.max(0, ...perWorker) * perWorker.length) / Math.max(1, sum)
  if (perWorker.length < 2 || sum < enough || most < 1.5) return []
  const few = connections !== undefined && connections < 10 * perWorker.length
  return [
    {
      ...{ name: 'uneven-workers', subject, certainty: few ? 'likely' : 'open' },
      says: few
        ? 'a connection stays with its worker, and there are few connections for each'
        : 'workers get different numbers of requests, though there are connections enough',
      evidence: [
        `requests of the workers: ${perWorker.join(', ')}`,
        ...(connections === undefined ? [] : [`${connections} connections`]),
      ],
      advice: 'more connections; then look again',
      command: propose.again(['--connections', String(Math.max(100, 20 * perWorker.length))]),
    },
  ]
}
