import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lb } from '../support/processes/lb-in-process.ts'

const runFile = join(import.meta.dirname, '../../bin/run.js')

/** Limits of a network namespace and of a shell, so that the host keeps its own. */
const planted = [
  'ulimit -n 300',
  'echo 60000 60099 > /proc/sys/net/ipv4/ip_local_port_range',
  'echo 16 > /proc/sys/net/core/somaxconn',
]

/** Why this host cannot plant them; undefined where it can. */
const unable = (() => {
  const { status, error } = spawnSync('unshare', ['-rn', 'sh', '-ec', planted.slice(1).join('\n')])
  if (error !== undefined) return `unshare: ${error.message}`
  return status === 0 ? undefined : 'this host allows no network namespace'
})()

test('limits that were really set are found, named with the command, and end with 99', ({
  skip,
}) => {
  if (unable !== undefined) skip(unable)
  const command = `${process.execPath} ${runFile} doctor --connections 500 --fail --format json`
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['-rn', 'sh', '-ec', [...planted, command].join('\n')],
    { encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  expect(status).toBe(99)
  const { checks } = JSON.parse(stdout)
  const bad = checks.filter(({ state }: { state: string }) => state === 'bad')
  expect(bad.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['open-files', 'port-range', 'somaxconn']),
  )
  expect(stdout).toMatch(/beyond 100 connections.*EMFILE|accept and connect fail with EMFILE/)
})

test('a run is that of a scenario, as far as flags do not change it', async () => {
  const { stdout, error } = await lb('doctor default --connections 2000 --rate 500')
  expect(error).toBeUndefined()
  expect(stdout).toMatch(
    /^lb doctor {2}this host, for default, 2,000 connections, 500 req\/s, 3 backends, keep-alive$/m,
  )
  expect(stdout).toMatch(/^. open files: /m)
})

test.for([
  ['doctor defalt', 'lb: unknown scenario "defalt": did you mean default?'],
  ['doctor --format tabel', 'lb: unknown format "tabel" in --format: did you mean table?'],
  ['doctor --connections 0', 'lb: --connections "0" is not an integer of 1 or more'],
])('%s is refused in one line', async ([args, start]) => {
  const { stderr, error } = await lb(args as string)
  expect(stderr.startsWith(start as string), stderr).toBe(true)
  expect(stderr.trimEnd()).not.toContain('\n')
  expect(error?.oclif?.exit).toBe(2)
})
