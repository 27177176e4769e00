import { expect, test } from 'vitest'
import { withLivePort } from '../../src/cli/live-flag.ts'

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
