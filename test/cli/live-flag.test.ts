import { expect, test } from 'vitest'
import { withLivePort } from '../../src/cli/live-flag.ts'
import { lb } from '../support/processes/lb-in-process.ts'

test.for([
  [['--live'], ['--live=0']],
  [
    ['--live', '--trials', '3'],
    ['--live=0', '--trials', '3'],
  ],
  [['--live=8080'], ['--live=8080']],
  [
    ['--algo', 'all', '--', '--live'],
    ['--algo', 'all', '--', '--live'],
  ],
  [[], []],
])('%j: %j', ([words, expected]) => {
  expect(withLivePort(words as string[])).toEqual(expected)
})

test.for([
  'load http://127.0.0.1:1/ --once --live',
  'load http://127.0.0.1:1/ --dry-run --live=8080',
  'bench --dry-run --live',
  'capacity --slo p99<20ms --dry-run --live',
])('%s has nothing to follow: one line, exit code 2', async (command) => {
  const { stderr, error } = await lb(command)
  expect(stderr).toMatch(/^lb: .*--live.*\n$/)
  expect(stderr).toMatch(/--(?:once|dry-run)/)
  expect(error?.oclif?.exit).toBe(2)
})
