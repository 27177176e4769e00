import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { experiment } from '../../../src/experiment/run/experiment.ts'
import { recoveredRuns } from '../../../src/experiment/run/recover.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { resultDocument } from '../../../src/result/document.ts'
import { journalIn } from '../../../src/store/journal.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'
import { openTestSession } from '../open-test-session.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const plan = planOf([arm('a'), arm('b')], { blocks: 2 })

/** Runs a plan, and makes a copy of its journal as it is after so many trials: as if its process had been killed then. */
async function killedAfter(trials: number, run: Plan = plan): Promise<void> {
  const journal = journalIn(folder)
  let done = 0
  await using session = await openTestSession(async ({ trial }) =>
    measurement({ arm: trial.arm, block: trial.block, phase: trial.phase }),
  )
  await experiment({
    ...{ plan: run, session, lb: '0.1.0', command: ['bench'] },
    journal: {
      ...journal,
      async add(one) {
        if (done++ < trials) await journal.add(one)
      },
    },
    watcher: { onTrial() {} },
    checkTargets: async () => [],
    choose: async () => undefined,
  })
  await rename(join(folder, `running-${process.pid}.jsonl`), join(folder, 'running-4194305.jsonl'))
  await journal[Symbol.asyncDispose]()
}

test('what a killed run measured becomes a result, marked as incomplete', async () => {
  await killedAfter(3)
  const [run, ...others] = await recoveredRuns(folder)
  expect(others).toEqual([])
  expect(run?.document).toMatchObject({
    complete: false,
    trials: { length: 3 },
    phaseEndings: [{ phase: 'capacity', blocks: 2, endedBy: 'interrupted' }],
  })
  expect(run?.document.findings.map((one) => one.arm)).toEqual(['a', 'b'])
  expect(run?.document.warnings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['run-failed', 'interrupted']),
  )
  expect(resultDocument.safeParse(run?.document).success).toBe(true)
})

test('the journal holds no secret', async () => {
  const command = 'balance {port} --token hunter2secret'
  await killedAfter(1, { ...plan, settings: { command: { command } } })
  const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'))
  expect(await readFile(join(folder, file), 'utf8')).not.toContain('hunter2secret')
})

test('a run without a trial is none', async () => {
  await killedAfter(0)
  expect(await recoveredRuns(folder)).toEqual([])
})
