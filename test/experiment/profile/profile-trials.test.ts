import { expect, test } from 'vitest'
import { profileTrials, type TrialProfile } from '../../../src/experiment/profile/profile-trials.ts'
import { profiledBlocks } from '../../../src/experiment/profile/profiled-blocks.ts'
import { summariseProfiles } from '../../../src/experiment/profile/summarise-profiles.ts'
import type { TrialOptions } from '../../../src/experiment/run/trial.ts'
import type { Profile } from '../../../src/profile/profile.ts'
import { profileSummary } from '../../../src/result/schemas/profile.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'
import { openTestSession } from '../open-test-session.ts'

const arms = [arm('a'), arm('b')]

/** A profile with these µs in the frames of these names. */
function profileOf(costs: Readonly<Record<string, number>>): Profile {
  const names = Object.keys(costs)
  return {
    kind: 'cpu',
    unit: 'microseconds',
    seconds: 1,
    frames: names.map((name) => ({ name, file: 'a.js', line: 1 })),
    samples: names.map((name, i) => ({ stack: [i], value: costs[name] as number })),
  }
}

/** Trials whose profiles have `planted` µs per request more in arm b, and whose profiles cost 2 %. */
async function profiled({ planted = 0, blocks = 8 } = {}): Promise<TrialProfile[]> {
  let n = 0
  const runTrial = async ({ trial, profile }: TrialOptions) => {
    await profile?.({ admin: undefined, pids: [1] })
    return measurement({
      ...trial,
      latencies: [1000],
      cpu: { target: profile === undefined ? 0.5 : 0.51 + n / 1e6 },
    })
  }
  await using session = await openTestSession(runTrial)
  return profileTrials({
    ...{ plan: planOf(arms), arms, kinds: ['cpu'], blocks, session },
    takerOf:
      ({ name }) =>
      async () => {
        n++
        // The speed of the host is in all functions alike.
        const slowness = 1 + (n % 7) / 1000
        return profileOf({
          run: slowness * 300_000,
          pick: slowness * ((name === 'b' ? planted * 1000 : 0) + 50_000),
        })
      },
  })
}

test('each block has one trial of every arm with a profile and one without, in random order', () => {
  const blocks = profiledBlocks({ arms, kinds: ['cpu'], blocks: 20, seed: 3 })
  const names = blocks.map((block) => block.map(({ trial, kind }) => `${trial.arm} ${kind}`))
  for (const block of names) {
    expect(block.toSorted()).toEqual(['a cpu', 'a undefined', 'b cpu', 'b undefined'])
  }
  expect(new Set(names.map((block) => block.join())).size).toBeGreaterThan(5)
  const without = profiledBlocks({ arms, kinds: ['cpu'], blocks: 1, seed: 3, overhead: false })
  expect(without.flat().map(({ kind }) => kind)).toEqual(['cpu', 'cpu'])
})

test('profiles are taken in trials of their own, which the overhead compares with those without', async () => {
  const trials = await profiled()
  expect(trials).toHaveLength(32)
  for (const { kind, profile } of trials) expect(profile === undefined).toBe(kind === undefined)
  const summary = summariseProfiles({ kind: 'cpu', arms, trials, missing: [] })
  expect(profileSummary.parse(summary)).toEqual(summary)
  expect(summary.arms[0]).toMatchObject({
    arm: 'a',
    trials: 8,
    overhead: { metric: 'cpuPerRequest', outcome: 'same', ratio: { n: 8 } },
  })
  expect(summary.arms[0]?.overhead?.ratio.center).toBeCloseTo(1.02, 3)
  expect(summary.arms[0]?.frames[0]?.frame.name).toBe('run')
})

test('each trial has the arm of the next one, whose target is started ahead', async () => {
  const seen: { arm: string; next: string | undefined }[] = []
  await using session = await openTestSession(async ({ trial, next, profile }) => {
    seen.push({ arm: trial.arm, next: next?.name })
    await profile?.({ admin: undefined, pids: [1] })
    return measurement(trial)
  })
  await profileTrials({
    ...{ plan: planOf(arms), arms, kinds: ['cpu'], blocks: 2, session },
    takerOf: () => async () => profileOf({ run: 1000 }),
  })
  const following = [...seen.slice(1).map(({ arm: name }) => name), undefined]
  expect(seen.map(({ next }) => next)).toEqual(following)
})

test('a frame that costs more in the second arm is found, and no other', async () => {
  const trials = await profiled({ planted: 2 })
  const { diff } = summariseProfiles({ kind: 'cpu', arms, trials, missing: [] })
  expect(diff).toMatchObject({ base: 'a', head: 'b', pairs: 8, tested: 2 })
  expect(diff?.frames.map(({ frame, outcome }) => [frame.name, outcome])).toEqual([
    ['pick', 'worse'],
    ['run', 'inconclusive'],
  ])
  // At the mean speed of the host in these trials.
  expect(diff?.frames[0]?.self.center).toBeCloseTo(2 * 1.003, 2)
})

test('an invalid trial enters no figure, and an arm without a valid one is named', async () => {
  const trials = (await profiled({ blocks: 3 })).map((one) =>
    one.measurement.trial.arm === 'b'
      ? {
          ...one,
          measurement: measurement({ ...one.measurement.trial, verdict: { valid: false } }),
        }
      : one,
  )
  const summary = summariseProfiles({ kind: 'cpu', arms, trials, missing: [] })
  expect(summary.arms.map(({ arm: name }) => name)).toEqual(['a'])
  expect(summary.diff).toBeUndefined()
  expect(summary.missing).toEqual([{ arm: 'b', detail: 'none of its profiled trials is valid' }])
})
