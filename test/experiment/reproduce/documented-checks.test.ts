import { describe, expect, test } from 'vitest'
import { documentedChecks } from '../../../src/experiment/reproduce/documented-checks.ts'
import { registry } from '../../../src/experiment/run/plan-for.ts'
import { documentedTables } from '../../../src/plan/documented/tables.ts'
import { documented, type Told } from '../../support/documented.ts'

/** What the checks say of a document, as `kind check: text`. */
function said(told: Told): string[] {
  return documentedChecks(documented(told)).map(
    ({ kind, check, text }) => `${kind} ${check}: ${text}`,
  )
}

const arms: Told['arms'] = {
  A: ['round-robin', 4],
  B: ['weighted', 4],
  'one core': ['round-robin', 1],
  'two cores': ['round-robin', 2],
  'four cores': ['round-robin', 4],
}

describe('the same thing twice', () => {
  const twice = (a: string, b: string, two = '5,200 req/s') =>
    ({
      arms,
      tables: {
        Speed: ['throughput', { A: a }],
        Scaling: ['throughput', { 'one core': '2,700 req/s', 'two cores': two, 'four cores': b }],
      },
    }) satisfies Told

  test('with two figures is a contradiction, and names the cores that the first comes close to', () => {
    expect(said(twice('5,000 req/s', '10,000 req/s'))).toEqual([
      'contradiction same thing twice: 5,000 req/s (Speed, A) and 10,000 req/s (Scaling, four cores) are both of round-robin on 4 cores, and 2.00 times apart; the first is close to what Scaling has for 2 cores (5,200 req/s).',
    ])
  })

  test('is none where they are 5 % apart or less', () => {
    expect(said(twice('9,600 req/s', '10,000 req/s'))).toEqual([])
  })

  test('is none for two algorithms', () => {
    const told = twice('5,000 req/s', '10,000 req/s')
    expect(said({ ...told, arms: { ...arms, A: ['weighted', 4] } })).toEqual([])
  })
})

describe('a documented load', () => {
  const under = (users: number, pause: number, rate: string, time = '20 ms') =>
    said({
      arms,
      loads: [{ name: 'the test', users, pause }],
      tables: { Speed: ['throughput', { A: rate }], Time: ['latencyMean', { A: time }] },
    }).filter((line) => line.startsWith('contradiction'))

  test('of 50 users who pause half a second cannot ask for more than 100 req/s', () => {
    expect(under(50, 0.5, '101 req/s')).toEqual([
      'contradiction load: the test (50 users, each pausing 500 ms) asks for 100 req/s at most, users ÷ pause; one documented figure, 101 req/s, is above that, so it produced none of them.',
    ])
    expect(under(50, 0.5, '96 req/s')).toEqual([])
  })

  test('keeps as many requests under way as it has users', () => {
    expect(under(20, 0, '1,000 req/s')).toEqual([])
    expect(under(100, 0, '1,000 req/s')).toEqual([
      "contradiction Little's law: A: 1,000 req/s at 20 ms keep 20.0 users busy, and the test has 100.",
    ])
  })
})

describe("Little's law across columns", () => {
  const rows = (time: string) =>
    said({
      arms,
      tables: {
        Speed: ['throughput', { A: '1,000 req/s', B: '900 req/s' }],
        Time: ['latencyMean', { A: '10 ms', B: time }],
      },
    })

  test('finds the connections of rows that are one measurement', () => {
    expect(rows('12 ms')).toEqual([
      expect.stringMatching(/^implication .* a closed loop of 10 to 11 connections/),
    ])
  })

  test('finds rows that had different loads', () => {
    expect(rows('20 ms')).toEqual([
      expect.stringMatching(/^contradiction .* had not the same load: .*= 10\.0; .*= 18\.0/),
    ])
  })
})

test('more than twice the throughput of twice the cores is pointed out, and rounding is not', () => {
  const grows = (two: string) =>
    said({
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
    said({
      arms,
      tables: {
        Speed: ['throughput', { A: '1,000 req/s' }],
        CPU: ['cpuUsed', { A: share }],
        Other: ['throughput', { 'one core': four }],
      },
    })

  test('bounds what one core can do by the CPU time of a request', () => {
    // 50 % of 4 cores at 1,000 req/s are 2 ms a request: 500 req/s a core.
    expect(used('50 %', '500 req/s').filter((line) => line.startsWith('contra'))).toEqual([])
    expect(used('50 %', '700 req/s')).toContainEqual(
      expect.stringMatching(
        /^contradiction utilisation law: A takes 2\.00 ms .* 1 core can do 500 req\/s at most; 700 req\/s/,
      ),
    )
  })

  test('does not allow more CPUs than there were', () => {
    expect(used('130 %', '100 req/s')).toContainEqual(
      expect.stringMatching(
        /^contradiction utilisation law: 130 % \(CPU, A\) is more than the 4 cores/,
      ),
    )
  })

  test('says that idle CPUs were no limit', () => {
    expect(used('50 %', '400 req/s')).toContainEqual(
      expect.stringMatching(/^implication saturation/),
    )
    expect(used('97 %', '200 req/s')).toEqual([])
  })
})

test('the shipped tables have their three places pointed out', async () => {
  const remarks = documentedChecks(await documentedTables(registry))
  expect(remarks.map(({ kind, check }) => `${kind} ${check}`)).toEqual([
    'contradiction same thing twice',
    'contradiction load',
    "implication Little's law",
    'implication saturation',
  ])
  expect(remarks[0]?.text).toMatch(/15,000.*27,000.*4 cores \(14,500 req\/s\)/)
  expect(remarks[1]?.text).toMatch(/100 req\/s at most.*7 documented figures/)
  expect(remarks[2]?.text).toMatch(/37\.5.*39\.8.*38\.5.*38 to 40 connections/)
})
