import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { runStreams } from '../../../bench/http2-streams/run-streams.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lb-streams-'))
afterAll(() => rmSync(scratch, { recursive: true }))

test('5,000 streams with resets, early responses and unfinished trailers leave nothing, and no worker dies', async () => {
  const result = await runStreams({
    streams: 5000,
    file: fileURLToPath(new URL('../../../src/balancer/main.ts', import.meta.url)),
    log: join(scratch, 'balancer.log'),
  })
  expect(result).toMatchObject({ inFlight: [0, 0], printed: '' })
  expect(result.streams).toBeGreaterThanOrEqual(5000)
  expect(result.resident.length).toBeGreaterThan(3)
})
