import { describe, expect, test } from 'vitest'
import { lb } from '../support/processes/lb-in-process.ts'

/** The command line must be refused in one line of standard error that contains `said`. */
async function expectRefused(flags: string, said: string): Promise<void> {
  const { stdout, stderr, error } = await lb(`bench ${flags}`)
  expect(stderr).toContain(said)
  expect({
    code: error?.oclif?.exit,
    stdout,
    lines: stderr.trim().split('\n').length,
  }).toEqual({ code: 2, stdout: '', lines: 1 })
}

describe('what cannot be done is said in one line, before anything starts', () => {
  test.for([
    ['--cores 0', '--cores'],
    ['--connections -3', '--connections'],
    ['--duration 0', '--duration'],
    ['--trials many', '--trials'],
    ['--scenario no-such', 'scenario'],
    ['--output /proc/nowhere/r.json', '/proc/nowhere/r.json'],
    ['--connections 100000000', 'the maximum of 65,535'],
  ] as const)('%s', ([flags, said]) => expectRefused(flags, said))
})

describe('an unusable target is refused in one line, before any process starts', () => {
  test.for([
    ['--target url', 'target url needs --url'],
    ['--target url --url http://127.0.0.1:1', 'http://127.0.0.1:1 cannot be reached'],
    ['--target url --url http://127.0.0.1:1 --pid 4194305', 'no process 4194305'],
    ['--target command', 'target command needs --command'],
    ['--target command --command true', '--command has no {port}'],
    ['--target-config nginx=/nowhere/nginx.conf', 'cannot read /nowhere/nginx.conf'],
    ['--target nginx,haproxy --algo prequal', 'none of nginx, haproxy has the algorithm prequal'],
    ['--target reference --url http://127.0.0.1:1', 'which is not under test'],
  ] as const)('%s', ([flags, said]) => expectRefused(flags, said))
})
