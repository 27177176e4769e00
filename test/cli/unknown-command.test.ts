import { expect, test } from 'vitest'
import { lb } from '../support/lb.ts'

test('a command that does not exist is answered with the nearest one', async () => {
  const { stderr, error } = await lb('repot r.json')
  expect(stderr).toMatch(/^lb: unknown command "repot": did you mean report\? it is one of .*\n$/)
  expect(error?.oclif?.exit).toBe(2)
})

test('under --json too', async () => {
  const { stdout, stderr } = await lb('repot --json')
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'LB_USAGE', exitCode: 2 } })
  expect(stderr).toBe('')
})
