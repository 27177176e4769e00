import { expect, test } from 'vitest'
import pjson from '../../package.json' with { type: 'json' }
import { lb } from '../support/processes/lb-in-process.ts'

test.for(['--help', '-h', 'help'])('lb %s lists the commands', async (args) => {
  const { stdout, error } = await lb(args)
  expect(error).toBeUndefined()
  expect(stdout).toMatch(/^COMMANDS$/m)
  expect(stdout).toMatch(/^ {2}bench +Measure load balancers/m)
})

test.for(['capacity --help', 'capacity -h', 'help capacity'])(
  'lb %s shows the flags of the command',
  async (args) => {
    const { stdout, error } = await lb(args)
    expect(error).toBeUndefined()
    expect(stdout).toMatch(/--slo=OBJECTIVE/)
  },
)

test.for(['bench', 'compare', 'history', 'serve'])(
  'help of %s has the flags of every command last',
  async (command) => {
    const { stdout } = await lb(`${command} --help`)
    const groups = stdout.match(/^([A-Z]+ )?FLAGS$/gm) ?? []
    expect(groups.length).toBeGreaterThan(1)
    expect(groups.at(-1)).toBe('GLOBAL FLAGS')
    expect(new Set(groups).size).toBe(groups.length)
  },
)

test.for(['--version', 'version'])('lb %s prints the version', async (args) => {
  const { stdout, error } = await lb(args)
  expect(error).toBeUndefined()
  expect(stdout).toContain(`${pjson.name}/${pjson.version}`)
})

test('help for a command that does not exist names the nearest one', async () => {
  const { stderr, error } = await lb('help bnech')
  expect(stderr).toMatch(/^lb: unknown command "bnech": did you mean bench\? it is one of .*\n$/)
  expect(error?.oclif?.exit).toBe(2)
})
