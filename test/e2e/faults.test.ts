import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resultDocument } from '../../src/result/document.ts'
import { builtLb } from '../support/processes/built-lb.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const scenario = `question: What happens when one of two backends dies?
algorithms: round-robin
phase: latency
rate: 300
control: false
connections: 20
warmup: 300ms
duration: 3s
timeout: 1s
trials: 1
backends: { count: 2, serviceTime: exponential 2ms }
faults:
  - { at: 1s, backend: 2, do: kill }
  - { at: 2s, backend: 2, do: restart }
`

test('the reference balancer continues without a killed backend', async () => {
  const file = join(folder, 'kill.yaml')
  await writeFile(file, scenario)
  const { code, stdout, stderr } = await builtLb('bench', '--scenario', file, '--json')
  expect({ code, stderr }).toMatchObject({
    code: expect.toSatisfy((c) => c === 0 || c === 97),
    stderr: '',
  })
  const document = resultDocument.parse(JSON.parse(stdout))
  const [{ faultTimeline: course } = { faultTimeline: undefined }] = document.trials
  const { faults: [killed] = [], ok = [], failed = [], received = [] } = course ?? {}
  const total = (counts: readonly number[], from: number, to: number) =>
    counts.slice(from, to).reduce((sum, count) => sum + count, 0)

  // Never before it was due; how long after is up to the machine.
  expect(killed?.from).toBeGreaterThanOrEqual(1)
  expect(killed?.until).toBeGreaterThanOrEqual(2)
  expect([ok, failed, ...received].map((bins) => bins.length)).toEqual([30, 30, 30, 30])
  const [first = [], second = []] = received
  // Both had their half before; a dead backend receives nothing, from the next bin on after it died.
  expect(total(second, 0, 10)).toBeGreaterThan(0)
  const [from, until] = [killed?.from ?? 0, killed?.until ?? 0].map((at) => Math.ceil(at * 10))
  expect(total(second, from ?? 0, (until ?? 0) - 1)).toBe(0)
  expect(total(first, from ?? 0, (until ?? 0) - 1)).toBeGreaterThan(0)
  // Retries keep nearly all of it from the clients.
  const lost = total(failed, 0, 30)
  expect(lost).toBeLessThan(0.1 * (lost + total(ok, 0, 30)))
  const [found] = document.findings[0]?.faults ?? []
  // One that the machine spoilt is made again, and then does not count.
  const valid = document.trials.filter(({ verdict }) => verdict.valid).length
  expect(found?.failed.n).toBe(valid || document.trials.length)
  expect(found?.shareBefore?.median).toBeGreaterThan(0.3)
  expect(document.warnings.map(({ code }) => code)).toContain('faults-seen-once')
})
