import { expect, test } from 'vitest'
import { names } from '../../../bench/peers/peer.ts'
import {
  type PeerResult,
  type RoundResult,
  replaceSection,
  section,
} from '../../../bench/peers/section.ts'

const MiB = 2 ** 20

/** Eight rounds of one contender, each a little off, all by the same factor as every other contender's. */
function resultOf(name: string, figures: Partial<RoundResult>): PeerResult {
  const seen = [1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07].map((noise) => ({
    rate: (figures.rate ?? 30_000) / noise,
    cost: (figures.cost ?? 30e-6) * noise,
    bottleneck: figures.bottleneck ?? 'itself',
    residentBytes: figures.residentBytes ?? 90 * MiB,
    maxResidentBytes: figures.maxResidentBytes ?? figures.residentBytes ?? 90 * MiB,
    lowRateCost: (figures.lowRateCost ?? 100e-6) * noise,
    p99: 'p99' in figures ? figures.p99 : 0.002 * noise,
  }))
  return { name, version: undefined, seen }
}

const nginx = resultOf(names.nginx, { cost: 20e-6, residentBytes: 12 * MiB, p99: 0.001 })
const peers = (...results: PeerResult[]) =>
  section({ conditions: 'Made here.', rate: 15_000, given: results })

test('a bar is held or not, and not measured where the peer is not there', () => {
  const text = peers(
    resultOf(names.ours, { cost: 30e-6, residentBytes: 101 * MiB }),
    nginx,
    resultOf(names.two, { cost: 36e-6, residentBytes: 130 * MiB }),
  )
  expect(text).toContain(
    '| CPU per request, ÷ that of nginx: ≤ 1.2 | 1.50 (1.50 to 1.50) | not held |',
  )
  expect(text).toContain('÷ that of Go: ≤ 0.5 | – | not measured |')
  expect(text).toContain('with 2 workers, ÷ that with 1: ≤ 1.1 | 1.20 (1.20 to 1.20) | not held |')
  expect(text).toContain('1 worker under load, MiB: ≤ 100 | 101 (101 to 101) | not held |')
  expect(text).toContain('each further worker, MiB: ≤ 35 | 29.0 (29.0 to 29.0) | held |')
})

test('nginx with two workers is held against its own one, and the cost at a low rate against that of nginx', () => {
  const shared = { p99: undefined }
  const text = peers(
    resultOf(names.ours, { lowRateCost: 160e-6 }),
    nginx,
    resultOf(names.nginxTwo, { cost: 21e-6, ...shared }),
    resultOf(names.nginxLikeTwo, { cost: 20e-6, ...shared }),
    resultOf(names.likeTwo, shared),
  )
  expect(text).toContain('| the same of nginx | 1.05 (1.05 to 1.05) |  |')
  expect(text).toContain('| CPU per request at 1,000/s, ÷ that of nginx | 1.60 (1.60 to 1.60) |  |')
  expect(text).toMatch(/^\| nginx, 2 workers \| [\d,]+ \| – \|/m)
})

test('a rate that the load limited is a lower bound', () => {
  const text = peers(nginx, resultOf('haproxy', { rate: 40_000, bottleneck: 'wrk' }))
  expect(text).toMatch(/^\| haproxy \| ≥ 38,\d{3} \| .* \| wrk \|$/m)
  expect(text).toMatch(/^\| nginx \| 29,\d{3} \| – \|.* itself \|$/m)
})

test('who failed requests at the rate has no p99 that could pass', () => {
  const text = peers(resultOf(names.ours, { p99: Number.POSITIVE_INFINITY }), nginx)
  expect(text).toContain('p99 at the same rate, ÷ that of nginx: ≤ 3 | ∞ (∞ to ∞) | not held |')
})

test('two workers are held against one that had the same company, where there was one', () => {
  const text = peers(
    nginx,
    resultOf(names.ours, { cost: 20e-6 }),
    resultOf(names.two, { cost: 36e-6, p99: undefined }),
    resultOf(names.likeTwo, { cost: 36e-6, p99: undefined }),
  )
  expect(text).toContain('with 2 workers, ÷ that with 1: ≤ 1.1 | 1.00 (1.00 to 1.00) | held |')
  // nginx had a CPU of its own, so they are not held against it.
  expect(text).toMatch(/^\| lb, 2 workers \| [\d,]+ \| – \| [\d.]+ \| – \|/m)
  expect(text).toMatch(/^\| lb, 1 worker, where the 2 ran \| [\d,]+ \| – \| [\d.]+ \| – \|/m)
})

test('a bar inside the interval is open', () => {
  const uneven = resultOf(names.ours, { cost: 22e-6 })
  const seen = uneven.seen.map((one, i) => ({ ...one, cost: one.cost * (i % 2 === 0 ? 0.6 : 1.6) }))
  const text = peers({ ...uneven, seen }, nginx)
  expect(text).toMatch(/÷ that of nginx: ≤ 1.2 \| .* \| open, likely held \|/)
})

test('the section takes the place of the one before, and nothing else moves', () => {
  const before = '# Title\n\n<!-- it -->\nold\n<!-- /it -->\n\n## Next\n'
  const once = replaceSection(before, 'it', 'new\n')
  expect(once).toBe('# Title\n\n<!-- it -->\nnew\n<!-- /it -->\n\n## Next\n')
  expect(replaceSection(once, 'it', 'new\n')).toBe(once)
  expect(() => replaceSection('# Title', 'it', 'new')).toThrow('are not in the document')
})
