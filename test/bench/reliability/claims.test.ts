import { expect, test } from 'vitest'
import { workerClaims } from '../../../bench/reliability/claims.ts'
import { claimsTable } from '../../../bench/reliability/claims-table.ts'
import { type CrowdResult, crowdClaims } from '../../../bench/reliability/crowd-claims.ts'
import type { CrowdSize } from '../../../bench/reliability/crowd-kinds.ts'
import type { ClientWindow } from '../../../bench/reliability/normal-clients.ts'

const alone: ClientWindow = {
  p50: 1,
  p99: 2,
  counts: { ok: 100, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 },
  residentBytes: 100 * 2 ** 20,
  files: 50,
}
const crowd: CrowdSize = { idle: 1000, slowHeads: 10, slowReaders: 5, resetFloods: 2 }
const open = { idle: 1000, slowHeads: 9, slowReaders: 5 }
const reopened: CrowdSize = { slowHeads: 3, resetFloods: 2 }
const beside = { ...alone, open, reopened, unreleased: 0 }
const http2 = { sent: 100, failed: 0 }

function resultOf(changes: Partial<typeof beside>, others = http2): CrowdResult {
  const round = { alone, beside: { ...beside, ...changes } }
  return { crowd, rounds: [{ alone, beside }, round, round], after: alone, http2: others }
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
  ['every connection that is tolerated is open', { open: { ...open, idle: 999 } }],
  ['every connection that is tolerated is open', { open: { ...open, slowHeads: 8 } }],
  ['every flood is cut off', { reopened: { slowHeads: 3, resetFloods: 1 } }],
  ['its connections are released', { unreleased: 1 }],
  ['no request of normal clients fails', { counts: { ...alone.counts, dropped: 1 } }],
  ['64 KiB per connection at most', { residentBytes: 170 * 2 ** 20 }],
  ['the last crowd takes at most', { residentBytes: 111 * 2 ** 20 }],
] as const)('a requirement that does not hold: %s', ([claim, changes]) => {
  expect(broken(resultOf(changes)).join()).toContain(claim)
})

test('a requirement that does not hold: failures of clients in HTTP/2', () => {
  expect(broken(resultOf({}, { sent: 100, failed: 1 })).join()).toContain('clients in HTTP/2 fails')
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
    cut: { gets: 0, posts: 0 },
    posts: [],
    outcomes: { ECONNRESET: 3 },
    reached: { read: 0, delivered: 1, neither: 0 },
  })
  expect(claims.map(({ held }) => held)).toEqual([false, true, true, false, true])
})

test('the requirements of several runs are the rows of one table', () => {
  const claim = (measured: string, held: boolean) => ({ claim: 'nothing is lost', measured, held })
  const table = claimsTable([
    { name: 'A', claims: [claim('0 of 5', true)] },
    { name: 'B', claims: [claim('1 of 7', false)] },
  ])
  expect(table.split('\n')).toEqual([
    '| requirement | A | B |',
    '| --- | --- | --- |',
    '| nothing is lost | 0 of 5 | **not held**: 1 of 7 |',
  ])
})
