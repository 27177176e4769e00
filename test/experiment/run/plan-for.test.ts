import { expect, test } from 'vitest'
import { planFor } from '../../../src/experiment/run/plan-for.ts'
import { targets } from '../../../src/targets/index.ts'

const asked = { algorithms: ['round-robin'], targets: ['all'] }
const targetsOf = async (overrides: Parameters<typeof planFor>[0]['overrides']) =>
  (await planFor({ scenario: 'default', overrides, seed: 1 })).arms.map(({ target }) => target)

test('"all" targets are those that can run here', async () => {
  const here = await Promise.all(
    targets.map(async ({ name, unavailable }) => ((await unavailable()) ? [] : [name])),
  )
  const found = await targetsOf(asked)
  expect(found).toContain('reference')
  expect(here.flat()).toEqual(expect.arrayContaining(found))
})

test('"all" contains a target that needs a setting once it has it', async () => {
  expect(await targetsOf(asked)).not.toContain('url')
  const settings = { url: { url: 'http://127.0.0.1:8080' } }
  const found = await targetsOf({ ...asked, settings })
  expect(found).toContain('url')
  expect(found).not.toContain('command')
})

test('the plan has the settings of the user', async () => {
  const settings = { command: { command: 'x {port}' } }
  const plan = await planFor({ scenario: 'default', overrides: { settings }, seed: 1 })
  expect(plan.settings).toEqual(settings)
})
