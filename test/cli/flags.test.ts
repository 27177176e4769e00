import { captureOutput } from '@oclif/test'
import { expect, test } from 'vitest'
import { runProbe } from './probe-command.ts'

const run = (argv: string) => captureOutput(() => runProbe(argv.split(' ')))

test.for([
  ['--cores 1,2,4,8', { cores: [1, 2, 4, 8] }],
  ['--cores 1 --cores 2', { cores: [1, 2] }],
  ['--trials 5', { trials: 5 }],
  ['--duration 5s', { duration: 5 }],
  ['--duration 500ms', { duration: 0.5 }],
  ['--duration 2m', { duration: 120 }],
  ['--duration 1.5s', { duration: 1.5 }],
  ['--duration 2m30s', { duration: 150 }],
  ['--warmup 0', { warmup: 0 }],
  ['--pets cat,canary', { pets: ['cat', 'canary'] }],
  ['--pets puss', { pets: ['cat'] }],
  ['--pets all', { pets: ['all'] }],
  ['--pet dog', { pet: 'dog' }],
] as const)('%s is read', async ([argv, flags]) => {
  const { result } = await run(argv)
  expect(result).toMatchObject({ flags })
})

test.for([
  ['--cores 0', '--cores "0" is not an integer of 1 or more: use --cores 2'],
  ['--cores 1,-2', '--cores "-2" is not an integer of 1 or more: use --cores 2'],
  ['--cores 1,,2', '--cores "" is not an integer of 1 or more: use --cores 2'],
  ['--duration 20', '--duration "20" is not a duration above 0: use --duration 5s, 500ms or 2m'],
  ['--cores 1.5', '--cores "1.5" is not an integer of 1 or more: use --cores 2'],
  ['--cores two', '--cores "two" is not an integer of 1 or more: use --cores 2'],
  ['--trials -1', '--trials "-1" is not an integer of 1 or more: use --trials 2'],
  ['--trials 1e3', '--trials "1e3" is not an integer of 1 or more: use --trials 2'],
  [
    '--trials 99999999999999999999',
    '--trials 99999999999999999999 is more than the maximum of 1,000,000,000: use --trials 2',
  ],
  ['--duration 0', '--duration "0" is not a duration above 0: use --duration 5s, 500ms or 2m'],
  ['--duration -5s', '--duration "-5s" is not a duration above 0: use --duration 5s, 500ms or 2m'],
  [
    '--duration soon',
    '--duration "soon" is not a duration above 0: use --duration 5s, 500ms or 2m',
  ],
  [
    '--duration 25h',
    '--duration 25h is more than the maximum of 24h: use --duration 5s, 500ms or 2m',
  ],
  ['--warmup -1', '--warmup "-1" is not a duration: use --warmup 5s, 500ms or 2m'],
  ['--pets dgo', 'unknown pet "dgo" in --pets: did you mean dog? it is one of cat, dog, canary'],
  ['--pet hippopotamus', 'unknown pet "hippopotamus" in --pet: it is one of cat, dog, canary'],
])('%s is refused, with its flag and the remedy', async ([argv, line]) => {
  const { error, stderr } = await run(argv as string)
  expect(stderr).toBe(`lb: ${line}\n`)
  expect(error?.oclif?.exit).toBe(2)
})
