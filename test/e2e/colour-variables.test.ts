import { expect, test } from 'vitest'
import { startLbWith } from '../support/processes/built-lb.ts'

test('FORCE_COLOR beside NO_COLOR is no warning on standard error', async () => {
  const variables = { FORCE_COLOR: '1', NO_COLOR: '1' }
  const { code, stderr } = await startLbWith(variables, 'list', 'formats', '--json').finished
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})
