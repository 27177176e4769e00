import { expect, test } from 'vitest'
import { reports } from '../../reports/formats/index.ts'
import { algorithms } from '../../src/algorithms/index.ts'
import { shippedScenarios } from '../../src/plan/scenarios.ts'
import { targets } from '../../src/targets/index.ts'
import { lb } from '../support/processes/lb-in-process.ts'

test.for([
  ['algorithms', algorithms.map(({ name }) => name)],
  ['scenarios', await shippedScenarios()],
  ['targets', targets.map(({ name }) => name)],
  ['formats', reports.map(({ format }) => format)],
] as const)('lists all %s, as text and as JSON', async ([what, names]) => {
  const { stdout } = await lb(`list ${what}`)
  for (const name of names) expect(stdout).toMatch(new RegExp(`^${name}\\b`, 'm'))
  const json = await lb(`list ${what} --json`)
  expect(JSON.parse(json.stdout).map(({ name }: { name: string }) => name)).toEqual(names)
})

test('shows the cost, the state and the source of each algorithm', async () => {
  const { stdout } = await lb('list algorithms --json')
  for (const { summary, details } of JSON.parse(stdout)) {
    expect(summary).toBeTruthy()
    expect(details).toMatchObject({
      'cost per pick': expect.stringMatching(/^O\(/),
      state: expect.any(String),
      source: expect.any(String),
    })
  }
})

test('an unknown list is reported with the nearest one', async () => {
  const { stderr, error } = await lb('list algoritms')
  expect(stderr).toBe(
    'lb: unknown argument "algoritms": did you mean algorithms? it is one of algorithms, scenarios, targets, formats\n',
  )
  expect(error?.oclif?.exit).toBe(2)
})
