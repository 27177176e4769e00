import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reports } from '../../reports/formats/index.ts'
import { table } from '../../reports/formats/table.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import { compareDocuments } from '../../src/experiment/gates/compare-documents.ts'
import { documentVersion } from '../../src/result/document.ts'
import { readResult } from '../../src/result/read.ts'
import { fromVersion1 } from '../../src/result/version-1.ts'

const said = (text: string) => ({ code: 'version-1-text', values: { text } })

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
  expect(document.findings[0]?.reason).toEqual({
    code: 'version-1-text',
    values: { text: stored.findings[0].because },
  })
  expect(document.findings[0]?.metrics).toMatchObject({
    throughput: { ...stored.findings[0].metrics.throughput, estimator: 'mean' },
    latencyP99: { estimator: 'merged histograms' },
  })
  expect(document.comparisons[0]?.ratio.estimator).toBe('pseudo-median')
  expect(table.render(document, { width: 80, colour: false, unicode: true })).toContain('weighted')
})

test('a document of version 1 can be a baseline, and every format can show it', async () => {
  const document = await readResult(file)
  const compared = compareDocuments({
    ...{ base: { file: 'v1.json', document }, head: document },
    ...{ force: false, rules: [], strict: false, margin: () => 0.03 },
  })
  expect(compared.comparisons.filter(({ arm, base }) => arm === base)).not.toEqual([])
  for (const report of reports) {
    expect(await report.render(compared, fileRenderOptions)).toContain('weighted')
  }
})

test('fields that only faults, targets, gates and a baseline bring are renamed too', () => {
  expect(
    fromVersion1({
      version: 1,
      plan: {
        faults: [{ at: 1, ails: { kind: 'kill' } }],
        skipped: [{ target: 'caddy', reason: 'caddy has no such algorithm' }],
      },
      trials: [
        {
          driverStill: 0.1,
          faultCourse: {},
          processes: [{ course: {} }],
          host: { hiccups: [] },
          verdict: { limitedBy: 'nothing', because: 'idle', reasons: ['late'] },
          errorKinds: { 'not sent: the driver was too late': 1, ECONNRESET: 2 },
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
      comparisons: [{ arm: 'a', base: 'a', ratio: {}, answer: 'unclear', asMeasured: {} }],
      targets: [{ unfair: ['It logs.'], differs: ['status'] }],
      baseline: { differs: ['host'] },
      curves: [
        {
          points: [{ speedUp: 1, projection: { n: 8, warnings: ['no end'] } }],
          fit: { warnings: ['three'] },
          notes: ['few'],
        },
      ],
      gates: [{ limit: 'change', state: 'unclear', because: 'p99' }],
      placement: 'all share CPU 0',
      warnings: ['interrupted'],
    }),
  ).toEqual({
    version: 2,
    plan: {
      faults: [{ at: 1, effect: { kind: 'kill' } }],
      skipped: [{ target: 'caddy', reason: { code: 'algorithm-missing', values: {} } }],
    },
    trials: [
      {
        driverStalled: 0.1,
        faultTimeline: {},
        processes: [{ timeline: {} }],
        host: { timerJitter: [] },
        verdict: { bottleneck: 'none', reason: said('idle'), reasons: [said('late')] },
        errorKinds: { 'not-sent-driver-late': 1, ECONNRESET: 2 },
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
    comparisons: [
      {
        ...{ arm: 'a', base: 'a', outcome: 'inconclusive' },
        ...{ ratio: { estimator: 'shift' }, uncorrectedRatio: { estimator: 'shift' } },
      },
    ],
    targets: [{ configWarnings: [said('It logs.')], responseDifferences: [said('status')] }],
    baseline: { differences: [said('host')] },
    curves: [
      {
        points: [
          {
            speedup: 1,
            projection: { n: 8, estimator: 'pseudo-median', warnings: [said('no end')] },
          },
        ],
        fit: { warnings: [said('three')] },
        notes: [said('few')],
      },
    ],
    gates: [{ threshold: 'change', state: 'inconclusive', reasons: [said('p99')] }],
    placement: [said('all share CPU 0')],
    warnings: [said('interrupted')],
  })
})
