import { expect, test } from 'vitest'
import { type CrowdResult, crowdClaims, workerClaims } from '../../../bench/reliability/claims.ts'
import type { ClientWindow } from '../../../bench/reliability/normal-clients.ts'

const alone: ClientWindow = {
  p50: 1,
  p99: 2,
  counts: { ok: 100, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 },
  residentBytes: 100 * 2 ** 20,
  files: 50,
}
const crowd = { idle: 1000, slowHeads: 10, slowReaders: 5 }
const beside = { ...alone, open: crowd, reopened: 3 }

function resultOf(changes: Partial<typeof beside>): CrowdResult {
  const round = { alone, beside: { ...beside, ...changes } }
  return { crowd, rounds: [{ alone, beside }, round, round], after: alone }
}

const broken = (result: CrowdResult) =>
  crowdClaims(result)
    .filter(({ held }) => !held)
    .map(({ claim }) => claim)

test('all requirements hold beside a tolerated crowd', () => {
  expect(broken(resultOf({}))).toEqual([])
})

test.for([
  ['p99 of normal clients', { p99: 4 }],
  ['every connection of the crowd is open', { open: { ...crowd, idle: 999 } }],
  ['every connection of the crowd is open', { open: { ...crowd, slowHeads: 8 } }],
  ['no request of normal clients fails', { counts: { ...alone.counts, dropped: 1 } }],
  ['64 KiB per connection at most', { residentBytes: 170 * 2 ** 20 }],
  ['the last crowd takes at most', { residentBytes: 111 * 2 ** 20 }],
] as const)('a requirement that does not hold: %s', ([claim, changes]) => {
  expect(broken(resultOf(changes)).join()).toContain(claim)
})

test('requirements for clients with and without retries are separate', () => {
  const claims = workerClaims({
    sent: 100,
    kills: 1,
    inFlight: 3,
    gets: 3,
    repeated: 3,
    getsLost: 0,
    onNewerConnections: 0,
    posts: [],
    outcomes: { ECONNRESET: 3 },
    reached: { read: 0, delivered: 1, neither: 0 },
  })
  expect(claims.map(({ held }) => held)).toEqual([false, true, true, false, true])
})
