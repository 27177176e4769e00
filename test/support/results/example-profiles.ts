import type { NamedProfile } from '../../../src/profile/export/speedscope.ts'
import type { Profile } from '../../../src/profile/profile.ts'
import type { ProfileSummary } from '../../../src/result/schemas/profile.ts'
import { summarise } from '../../../src/stats/estimates/summary.ts'

/** Profiles of two arms, the second of which has a function more, and their summary. */
export function exampleProfiles(): {
  readonly summary: ProfileSummary
  readonly profiles: readonly NamedProfile[]
} {
  const frames = [
    { name: 'run', file: '/srv/lb/dist/src/balancer/a.js', line: 3 },
    { name: 'pick', file: '/srv/lb/dist/src/balancer/a.js', line: 9 },
    { name: '(program)', file: '', line: 0 },
    { name: '(idle)', file: '', line: 0 },
    { name: '</script><b>', file: '', line: 0 },
    { name: 'startCpuProfile', file: 'node:v8', line: 224 },
  ]
  const common = { kind: 'cpu', unit: 'microseconds', seconds: 1, frames } as const
  const samples = [
    { stack: [0], value: 10_000 },
    { stack: [0, 1], value: 20_000 },
    { stack: [2], value: 10_000 },
    { stack: [3], value: 900_000 },
    { stack: [0, 5], value: 50_000 },
  ]
  const base: Profile = { ...common, samples }
  const head: Profile = { ...common, samples: [...samples, { stack: [0, 4], value: 5000 }] }
  const planted = { name: '</script><b>', file: '', line: 0 }
  const of = (arm: string, perRequest: number): ProfileSummary['arms'][number] => ({
    arm,
    trials: 8,
    perRequest: summary(perRequest),
    cpuPerRequest: summary(perRequest + 1),
    frames: [
      {
        frame: { name: 'pick', file: 'src/balancer/a.js', line: 9 },
        self: summary(20),
        total: summary(20),
      },
    ],
    overhead: {
      metric: 'cpuPerRequest',
      ratio: { ...summary(1.02), estimator: 'mean of logarithms' },
      outcome: 'same',
    },
  })
  return {
    profiles: [
      { name: 'base', profile: base },
      { name: 'head', profile: head },
    ],
    summary: {
      kind: 'cpu',
      unit: 'microseconds',
      arms: [of('base', 40), of('head', 45)],
      diff: {
        ...{ base: 'base', head: 'head', pairs: 8, confidence: 0.95, tested: 3 },
        perRequest: { center: 5, low: 4.6, high: 5.4 },
        frames: [
          {
            ...{ frame: planted, base: 0, head: 5, p: 0.001, outcome: 'worse' },
            self: { center: 5, low: 4.5, high: 5.5 },
            total: { center: 5, low: 4.5, high: 5.5 },
          },
          {
            frame: { name: 'pick', file: 'src/balancer/a.js', line: 9 },
            ...{ base: 20, head: 20, p: 0.9, outcome: 'inconclusive' },
            self: { center: 0.04, low: -0.8, high: 0.9 },
            total: { center: 0.04, low: -0.8, high: 0.9 },
          },
        ],
      },
      missing: [
        {
          arm: 'nginx round-robin ×1',
          detail:
            'nginx serves no profiles, and perf is not installed (apt-get install linux-perf)',
        },
      ],
    },
  }
}

function summary(center: number) {
  const values = Array.from({ length: 8 }, (_, i) => center * (1 + (i - 3.5) / 100))
  return summarise(values, { scale: 'difference' })
}
