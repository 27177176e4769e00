import { expect, test } from 'vitest'
import { lb } from '../support/processes/lb-in-process.ts'

test('an unknown command is reported with the nearest one', async () => {
  const { stderr, error } = await lb('repot r.json')
  expect(stderr).toMatch(/^lb: unknown command "repot": did you mean report\? it is one of .*\n$/)
  expect(error?.oclif?.exit).toBe(2)
})

test('under --json too', async () => {
  const { stdout, stderr } = await lb('repot --json')
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'LB_USAGE', exitCode: 2 } })
  expect(stderr).toBe('')
})

test('an argument of a command that takes none is reported, not the command', async () => {
  const { stderr, error } = await lb('bench extra')
  expect(stderr).toBe('lb: unexpected argument extra: see "lb bench --help"\n')
  expect(error?.oclif?.exit).toBe(2)
})

test.for([
  ['capacity', 'lb: missing flag --slo: see "lb capacity --help"\n'],
  ['explain weighted --weights 5,a', 'lb: --weights "a" is not an integer of 0 or more: use '],
  ['ci --head abc', 'lb: --head needs --base: see "lb ci --help"\n'],
  [
    'ci --base a --base-command b --head-command c',
    'lb: --base cannot be combined with --base-command: see "lb ci --help"\n',
  ],
] as const)('%s is a usage error in the words of lb', async ([args, line]) => {
  const { stderr, error } = await lb(args)
  expect(stderr.startsWith(line), stderr).toBe(true)
  expect(stderr.trimEnd()).not.toContain('\n')
  expect(error?.oclif?.exit).toBe(2)
})
