import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodePprof } from '../../src/profile/pprof.ts'
import { startLbIn } from '../support/processes/built-lb.ts'
import { lb } from '../support/processes/lb-in-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-profile-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('what cannot be profiled is refused in one line, before anything runs', () => {
  test.for([
    ['--output profile.txt', 'the ending of profile.txt names no format of profiles'],
    ['--kind cpu,heap --output a.html', 'one file holds one kind of profile'],
    ['--url http://127.0.0.1:1/ --pid 4194305', 'there is no process 4194305'],
    ['--url http://127.0.0.1:1/ --pprof 127.0.0.1:1', '--pprof "127.0.0.1:1" is not an http'],
    ['--url http://127.0.0.1:1/ --pprof http://127.0.0.1:1', 'nothing serves profiles at'],
    ['--leaks --url http://127.0.0.1:1/ --pid 1 --http2', '--leaks sends requests in HTTP/1.1'],
    ['--url http://127.0.0.1:1/', 'nothing is known of its process: add --pprof URL, or --pid PID'],
  ] as const)('%s', async ([flags, message]) => {
    const { error, stderr, stdout } = await lb(`profile ${flags} --progress none`)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect({ stdout, exit: error?.oclif?.exit }).toEqual({ stdout: '', exit: 2 })
  })
})

test('--dry-run has a trial with a profile and one without for each arm in each block', async () => {
  const { stdout } = await lb('profile --algo round-robin,random --trials 3 --dry-run --json')
  expect(JSON.parse(stdout).plan.trials).toHaveLength(12)
})

test('two algorithms of the reference balancer: functions, overhead, diff, and a file for each format', async () => {
  const flags =
    '--algo round-robin,random --trials 1 --duration 500ms --warmup 300ms --json --force'
  const files = ['a.html', 'a.folded', 'a.pb.gz'].flatMap((file) => ['--output', file])
  const { code, stdout, stderr } = await startLbIn(
    ...([folder, 'profile', ...flags.split(' '), ...files] as const),
  ).finished
  expect([0, 97], stderr).toContain(code)
  const [summary] = JSON.parse(stdout)
  const nameOf = ({ arm }: { arm: string }) => arm
  // A disturbed host makes a trial invalid: its arm is then named as missing.
  const all = [...summary.arms, ...summary.missing].map(nameOf)
  expect(all.toSorted()).toEqual(['random ×1', 'round-robin ×1'])
  for (const { perRequest, frames, file } of summary.arms) {
    expect(perRequest.center).toBeGreaterThan(0)
    expect(frames.length).toBeGreaterThan(0)
    const stored = decodePprof(await readFile(join(folder, file)))
    expect(stored.samples.length).toBeGreaterThan(0)
  }
  const written = (await readdir(folder)).filter((name) => name.startsWith('a.'))
  expect(written).toContain('a.html')
  if (summary.arms.length < 2) return
  expect(written).toEqual(
    expect.arrayContaining([
      ...['a.random-x1.folded', 'a.random-x1.pb.gz'],
      ...['a.round-robin-x1.folded', 'a.round-robin-x1.pb.gz'],
    ]),
  )
})
