import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeResult } from '../../src/result/write.ts'
import { lb } from '../support/processes/lb-in-process.ts'
import { symptomResult } from '../support/results/symptom-result.ts'

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

test('a healthy result has no symptom, and every check with its figures', async () => {
  const { stdout, error } = await lb('doctor test/golden/result.json --fail')
  expect(error).toBeUndefined()
  expect(stdout).toMatch(/^No symptom found: 8 of 8 checks ok$/m)
  expect(stdout).toMatch(/^. bad tail: p99 is at most 31\.\d times p50$/m)
})

test('a symptom is printed with evidence, certainty and command, and ends with 99 under --fail', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lb-doctor-'))
  try {
    const path = join(folder, 'r.json')
    const document = symptomResult({ errorKinds: { ECONNREFUSED: 40 } })
    await writeResult(document, { path, force: false })
    const { stdout, error } = await lb(`doctor ${path} --fail`)
    expect(error?.oclif?.exit).toBe(99)
    expect(stdout).toMatch(/^1 symptom found: 1 without figures, 6 of 8 checks ok$/m)
    expect(stdout).toMatch(/^ {4}how sure +the figures show it$/m)
    expect(stdout).toMatch(/^ {4}evidence +40 of 30000 requests: ECONNREFUSED 40×$/m)
    expect(stdout).toMatch(/^ {4}shown by +lb doctor --connections 40 --backends 3$/m)
    const markdown = await lb(`doctor ${path} --format md`)
    expect(markdown.stdout).toMatch(/^### connection errors: round-robin ×1, latency phase$/m)
    const json = await lb(`doctor ${path} --json`)
    expect(JSON.parse(json.stdout).symptoms[0].leaves[0].name).toBe('refused')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.for([
  ['doctor r.json --rate 5', 'lb: --rate would be ignored: it describes a run'],
  ['doctor --admin http://127.0.0.1:1', 'lb: --admin would be ignored: it belongs to the URL'],
  ['doctor r.json --last', 'lb: --last and r.json are two subjects'],
  ['doctor nowhere.json', 'lb: cannot read nowhere.json (ENOENT)'],
  ['doctor defalt', 'lb: unknown scenario "defalt": did you mean default?'],
  ['doctor --format tabel', 'lb: unknown format "tabel" in --format: did you mean table?'],
  ['doctor --connections 0', 'lb: --connections "0" is not an integer of 1 or more'],
])('%s is refused in one line', async ([args, start]) => {
  const { stderr, error } = await lb(args as string)
  expect(stderr.startsWith(start as string), stderr).toBe(true)
  expect(stderr.trimEnd()).not.toContain('\n')
  expect(error?.oclif?.exit).toBe(2)
})
