import { expect, test } from 'vitest'
import { type CrowdToll, crowdClaims, workerClaims } from '../../../bench/reliability/claims.ts'
import type { Look } from '../../../bench/reliability/normal-clients.ts'

const alone: Look = {
  p50: 1,
  p99: 2,
  counts: { ok: 100, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 },
  residentBytes: 100 * 2 ** 20,
  files: 50,
}
const crowd = { idle: 1000, slowHeads: 10, slowReaders: 5 }
const beside = { ...alone, stood: crowd, reopened: 3 }

function tollOf(changes: Partial<typeof beside>): CrowdToll {
  const round = { alone, beside: { ...beside, ...changes } }
  return { crowd, rounds: [{ alone, beside }, round, round], after: alone }
}

const broken = (toll: CrowdToll) =>
  crowdClaims(toll)
    .filter(({ held }) => !held)
    .map(({ claim }) => claim)

test('a crowd that is borne breaks no claim', () => {
  expect(broken(tollOf({}))).toEqual([])
})

test.for([
  ['p99 of normal clients', { p99: 4 }],
  ['every connection of the crowd is open', { stood: { ...crowd, idle: 999 } }],
  ['every connection of the crowd is open', { stood: { ...crowd, slowHeads: 8 } }],
  ['no request of normal clients fails', { counts: { ...alone.counts, dropped: 1 } }],
  ['64 KiB per connection at most', { residentBytes: 170 * 2 ** 20 }],
  ['the last crowd takes at most', { residentBytes: 111 * 2 ** 20 }],
] as const)('tells that it does not hold: %s', ([claim, changes]) => {
  expect(broken(tollOf(changes)).join()).toContain(claim)
})

test('what a client can mend itself, and what it cannot, are told apart', () => {
  const claims = workerClaims({
    sent: 100,
    kills: 1,
    underWay: 3,
    gets: 3,
    repeated: 3,
    getsLost: 0,
    fresh: 0,
    posts: [],
    whys: { ECONNRESET: 3 },
    reached: { read: 0, given: 1, neither: 0 },
  })
  expect(claims.map(({ held }) => held)).toEqual([false, true, true, false, true])
})
