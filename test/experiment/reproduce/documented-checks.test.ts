import { describe, expect, test } from 'vitest'
import { remarkWords } from '../../../reports/commands/remark-wordings.ts'
import { documentedChecks } from '../../../src/experiment/reproduce/documented-checks.ts'
import { registry } from '../../../src/experiment/run/plan-for.ts'
import { documentedTables } from '../../../src/plan/documented/tables.ts'
import { type DocumentedOptions, makeDocumented } from '../../support/results/documented-tables.ts'

/** The remarks about a document, as `kind law: sentence`. */
function remarksOn(told: DocumentedOptions): string[] {
  return documentedChecks(makeDocumented(told)).map(
    (remark) => `${remark.kind} ${remarkWords(remark)}`,
  )
}

const arms: DocumentedOptions['arms'] = {
  A: ['round-robin', 4],
  B: ['weighted', 4],
  'one core': ['round-robin', 1],
  'two cores': ['round-robin', 2],
  'four cores': ['round-robin', 4],
}

describe('one subject with two figures', () => {
  const twice = (a: string, b: string, two = '5,200 req/s') =>
    ({
      arms,
      tables: {
        Speed: ['throughput', { A: a }],
        Scaling: ['throughput', { 'one core': '2,700 req/s', 'two cores': two, 'four cores': b }],
      },
    }) satisfies DocumentedOptions

  test('is a contradiction, and names the cores whose figure the first is close to', () => {
    expect(remarksOn(twice('5,000 req/s', '10,000 req/s'))).toEqual([
      'contradiction duplicate figure: 5,000 req/s (Speed, A) and 10,000 req/s (Scaling, four cores) are both of round-robin on 4 cores, but differ by a factor of 2.00; the first is close to the figure of Scaling for 2 cores (5,200 req/s).',
    ])
  })

  test('is none where they differ by 5 % or less', () => {
    expect(remarksOn(twice('9,600 req/s', '10,000 req/s'))).toEqual([])
  })

  test('is none where the algorithms differ', () => {
    const told = twice('5,000 req/s', '10,000 req/s')
    expect(remarksOn({ ...told, arms: { ...arms, A: ['weighted', 4] } })).toEqual([])
  })
})

describe('a documented load', () => {
  const under = (users: number, pause: number, rate: string, time = '20 ms') =>
    remarksOn({
      arms,
      loads: [{ name: 'the test', users, pause }],
      tables: { Speed: ['throughput', { A: rate }], Time: ['latencyMean', { A: time }] },
    }).filter((line) => line.startsWith('contradiction'))

  test('of 50 users who pause half a second cannot send more than 100 req/s', () => {
    expect(under(50, 0.5, '101 req/s')).toEqual([
      'contradiction load: the test (50 users, each pausing 500 ms) sends at most 100 req/s, users ÷ pause; one documented figure, 101 req/s, is above that, so this load cannot have produced it.',
    ])
    expect(under(50, 0.5, '96 req/s')).toEqual([])
  })

  test('keeps as many requests in flight as it has users', () => {
    expect(under(20, 0, '1,000 req/s')).toEqual([])
    expect(under(100, 0, '1,000 req/s')).toEqual([
      "contradiction Little's law: A: 1,000 req/s at 20 ms keep 20.0 users busy, but the test has 100.",
    ])
  })
})

describe("Little's law across columns", () => {
  const rows = (time: string) =>
    remarksOn({
      arms,
      tables: {
        Speed: ['throughput', { A: '1,000 req/s', B: '900 req/s' }],
        Time: ['latencyMean', { A: '10 ms', B: time }],
      },
    })

  test('finds the connections of a closed loop', () => {
    expect(rows('12 ms')).toEqual([
      expect.stringMatching(/^implication .* a closed loop of 10 to 11 connections/),
    ])
  })

  test('finds rows with different loads', () => {
    expect(rows('20 ms')).toEqual([
      expect.stringMatching(/^contradiction .* their loads differed: .*= 10\.0; .*= 18\.0/),
    ])
  })
})

test('more than twice the throughput on twice the cores is a contradiction, unless rounding explains it', () => {
  const grows = (two: string) =>
    remarksOn({
      arms,
      tables: { Scaling: ['throughput', { 'one core': '2,700 req/s', 'two cores': two }] },
    })
  expect(grows('6,000 req/s')).toEqual([
    expect.stringMatching(/^contradiction efficiency: .* 2\.22 times .* 2\.00 times .* of 111 %/),
  ])
  expect(grows('5,450 req/s')).toEqual([])
})

describe('the utilisation law', () => {
  const used = (share: string, four: string) =>
    remarksOn({
      arms,
      tables: {
        Speed: ['throughput', { A: '1,000 req/s' }],
        CPU: ['cpuUsed', { A: share }],
        Other: ['throughput', { 'one core': four }],
      },
    })

  test('bounds the throughput of one core by the CPU time per request', () => {
    // 50 % of 4 cores at 1,000 req/s are 2 ms a request: 500 req/s a core.
    expect(used('50 %', '500 req/s').filter((line) => line.startsWith('contra'))).toEqual([])
    expect(used('50 %', '700 req/s')).toContainEqual(
      expect.stringMatching(
        /^contradiction utilisation law: A takes 2\.00 ms .* 1 core can serve at most 500 req\/s; 700 req\/s/,
      ),
    )
  })

  test('does not allow more CPUs than the documented cores', () => {
    expect(used('130 %', '100 req/s')).toContainEqual(
      expect.stringMatching(
        /^contradiction utilisation law: 130 % \(CPU, A\) is more than the 4 cores/,
      ),
    )
  })

  test('finds CPUs that were idle', () => {
    expect(used('50 %', '400 req/s')).toContainEqual(
      expect.stringMatching(/^implication saturation/),
    )
    expect(used('97 %', '200 req/s')).toEqual([])
  })
})

test('the shipped tables have two contradictions and two implications', async () => {
  const remarks = documentedChecks(await documentedTables(registry))
  expect(remarks.map(({ kind, code }) => `${kind} ${code}`)).toEqual([
    'contradiction same-thing-twice',
    'contradiction load-too-small',
    'implication closed-loop',
    'implication cpu-idle',
  ])
  const words = remarks.map(remarkWords)
  expect(words[0]).toMatch(/15,000.*27,000.*4 cores \(14,500 req\/s\)/)
  expect(words[1]).toMatch(/at most 100 req\/s.*7 documented figures/)
  expect(words[2]).toMatch(/37\.5.*39\.8.*38\.5.*38 to 40 connections/)
})
