import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { table } from '../../reports/formats/table.ts'
import { documentVersion } from '../../src/result/document.ts'
import { readResult } from '../../src/result/read.ts'
import { fromVersion1 } from '../../src/result/version-1.ts'

/** A result as version 1 stored it, really measured. */
const file = join(import.meta.dirname, '../golden/result-v1.json')
const stored = JSON.parse(await readFile(file, 'utf8'))

test('a document of version 1 is read, and its figures are the same', async () => {
  const document = await readResult(file)
  expect(document.version).toBe(documentVersion)
  expect(document.trials).toHaveLength(stored.trials.length)
  const bottlenecks = document.findings.map(({ bottleneck }) => bottleneck)
  expect(bottlenecks).toEqual(
    stored.findings.map(({ limitedBy }: { limitedBy: string }) =>
      limitedBy === 'nothing' ? 'none' : limitedBy,
    ),
  )
  expect(document.phaseEndings).toMatchObject([
    { phase: 'capacity', endedBy: 'plan', widestHalfWidth: stored.endings[0].halfWidth },
    { phase: 'latency', endedBy: 'plan', rate: 8871 },
  ])
  expect(new Set(document.comparisons.map(({ outcome }) => outcome))).toEqual(
    new Set(['too few trials']),
  )
  expect(table.render(document, { width: 80, colour: false, unicode: true })).toContain('weighted')
})

test('fields that only faults, targets, gates and a baseline bring are renamed too', () => {
  expect(
    fromVersion1({
      version: 1,
      plan: { faults: [{ at: 1, ails: { kind: 'kill' } }] },
      trials: [
        {
          driverStill: 0.1,
          faultCourse: {},
          processes: [{ course: {} }],
          host: { hiccups: [] },
          verdict: { limitedBy: 'nothing' },
        },
      ],
      findings: [
        {
          atLeast: true,
          limitedBy: 'host',
          balance: { against: 'weights', greatestDeviation: 1, slowest: { bySpeed: 1 } },
          faults: [{ failed: { middle: 1 }, usualShare: { middle: 1 }, share: {}, worstP99: {} }],
        },
      ],
      comparisons: [{ answer: 'unclear', asMeasured: {} }],
      targets: [{ unfair: [], differs: [] }],
      baseline: { differs: [] },
      curves: [{ points: [{ speedUp: 1 }] }],
      gates: [{ limit: 'change', state: 'unclear' }],
    }),
  ).toEqual({
    version: 2,
    plan: { faults: [{ at: 1, effect: { kind: 'kill' } }] },
    trials: [
      {
        driverStalled: 0.1,
        faultTimeline: {},
        processes: [{ timeline: {} }],
        host: { timerJitter: [] },
        verdict: { bottleneck: 'none' },
      },
    ],
    findings: [
      {
        isLowerBound: true,
        bottleneck: 'host',
        balance: { basis: 'weights', maxDeviation: 1, slowest: { shareBySpeed: 1 } },
        faults: [
          { failed: { median: 1 }, shareBefore: { median: 1 }, shareDuring: {}, maxP99: {} },
        ],
      },
    ],
    comparisons: [{ outcome: 'inconclusive', uncorrectedRatio: {} }],
    targets: [{ configWarnings: [], responseDifferences: [] }],
    baseline: { differences: [] },
    curves: [{ points: [{ speedup: 1 }] }],
    gates: [{ threshold: 'change', state: 'inconclusive' }],
  })
})
