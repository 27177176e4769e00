import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { measureBesideCrowd } from '../../bench/reliability/beside-crowd.ts'
import type { CrowdSize } from '../../bench/reliability/crowd-kinds.ts'
import type { Protocol } from '../../bench/reliability/protocols.ts'
import { availableCpus } from '../../src/lab/available-cpus.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lb-crowded-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Measures one short round beside a crowd; normal clients must not notice it. */
async function besideCrowd(crowd: CrowdSize, backends: Protocol) {
  const { list } = availableCpus()
  const { rounds, after, http2 } = await measureBesideCrowd({
    rounds: 1,
    seconds: 1,
    rate: 50,
    http2Rate: 20,
    crowd,
    backends,
    build: 'source',
    scratch,
    placement: { target: list, driver: list },
  })
  const { alone, beside } = rounds[0] as (typeof rounds)[number]
  for (const { counts } of [alone, beside, after]) {
    expect(counts).toMatchObject({ non2xx: 0, errors: 0, timeouts: 0 })
    expect(counts.ok).toBeGreaterThan(0)
  }
  expect(http2.sent).toBeGreaterThan(20)
  expect(http2.failed).toBe(0)
  expect(beside.files - alone.files).toBeGreaterThan(100)
  // All connections are released: the balancer has no more than before, except for connections to backends.
  expect(after.files - alone.files).toBeLessThan(100)
  return beside
}

test('normal clients are answered beside idle ones, slow heads and slow readers, which are tolerated', async () => {
  const { open } = await besideCrowd({ idle: 200, slowHeads: 20, slowReaders: 5 }, 'http1')
  expect(open).toMatchObject({ idle: 200, slowReaders: 5 })
  expect(open.slowHeads).toBeGreaterThan(0)
})
