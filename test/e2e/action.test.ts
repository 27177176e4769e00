import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { readResult } from '../../src/result/read.ts'
import { runAction } from '../support/processes/run-action.ts'
import { counted } from '../support/results/counted.ts'

const root = join(import.meta.dirname, '../..')
const action = join(root, '.github/actions/lb-ci')

/** A repository of another program, with a balancer of its own, and a runner with its temporary folder. */
let workspace: string
let temp: string
let bin: string
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
  ;[workspace, temp, bin] = ['repository', 'temp', 'bin'].map((one) => join(folder, one)) as [
    string,
    string,
    string,
  ]
  for (const one of [workspace, temp, bin]) await mkdir(one)
  await cp(
    modulePath('../support/processes/children/tiny-balancer', import.meta.url),
    join(workspace, 'balancer.ts'),
  )
  const git = (...args: string[]) =>
    execFileSync('git', [
      '-C',
      workspace,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@example.org',
      ...args,
    ])
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'a balancer')
  // What is installed is this build; no package is fetched.
  await program('npm', `ln -s ${root}/node_modules node_modules && ln -s ${root}/dist dist`)
  // The comments of a pull request are files.
  await program(
    'gh',
    [
      'echo "$@" >> "$RUNNER_TEMP/calls"',
      'case "$*" in',
      '  *--jq*) [ ! -e "$RUNNER_TEMP/comment" ] || echo 41 ;;',
      '  *) cp "$(echo "$*" | sed "s/.*body=@//")" "$RUNNER_TEMP/comment" ;;',
      'esac',
    ].join('\n'),
  )
})
afterAll(() => rm(join(workspace, '..'), { recursive: true }))

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\nset -e\n${script}\n`)
  await chmod(join(bin, name), 0o755)
}

const balancer = (...flags: string[]) =>
  `'${process.execPath}' ./balancer.ts {port} {backends} ${flags.join(' ')}`

/** The scenario of the ci command, in a small part of its time. */
const scenario = (more = '') => `question: Did it get slower?
algorithms: [round-robin]
phase: capacity
connections: 4
warmup: { min: 100ms, max: 100ms }
duration: 200ms
trials: 6
control: false
backends: { count: 2 }
${more}`

/** Runs the action on two commands, and returns its outcome. */
async function measured(inputs: Readonly<Record<string, string>>, yaml = scenario()) {
  const file = join(temp, 'short.yaml')
  await writeFile(file, yaml)
  const steps = await runAction({
    ...{ action, workspace, temp },
    inputs: { scenario: file, 'fail-on': 'cpu>+100%', ...inputs },
    github: {
      ...{ repository: 'them/theirs', event_name: 'pull_request' },
      'event.pull_request.number': '7',
    },
    env: {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      NODE_OPTIONS: '',
      GITHUB_STEP_SUMMARY: '',
    },
  })
  const [install, measure, comment] = steps
  expect(install, install?.output).toMatchObject({ code: 0 })
  return { measure, comment, folder: join(temp, 'result-lb-ci') }
}

/** So short that nothing can be said. */
const slow = scenario('maxTime: 1ms\n')
const same = { 'base-command': balancer(), 'head-command': balancer() }

test('a regression fails the job, and its report becomes a comment, which the next run edits: one too slow for a comparison, and so inconclusive, an error', async () => {
  const burning = { ...same, 'head-command': balancer('--burn', '20'), comment: 'true' }
  const { measure, comment, folder } = await measured(burning)
  // Where other programs take the CPUs no trial is valid, and nothing can be said.
  expect([96, 97, 98], measure?.output).toContain(measure?.code)
  expect((await readdir(folder)).toSorted()).toEqual(['comment.md', 'junit.xml', 'result.json'])
  expect(comment, comment?.output).toMatchObject({ code: 0 })
  const first = await readFile(join(temp, 'comment'), 'utf8')
  expect(first).toMatch(/^<!-- lb-ci: lb-ci -->\n## Load balancers: /)
  if (measure?.code === 98) {
    expect(first).toContain('The gate failed: cpu>+100%')
    expect(await readFile(join(folder, 'junit.xml'), 'utf8')).toContain('<failure message=')
  }
  const found = await counted(await readResult(join(folder, 'result.json')), 'cpu>+100%')
  expect(found.gates).toMatchObject([{ state: 'fail', arm: 'head command' }])
  const next = await measured({ ...same, comment: 'true' }, slow)
  const calls = (await readFile(join(temp, 'calls'), 'utf8')).trim().split('\n')
  const writes = calls.filter((call) => call.includes('--method'))
  expect(writes[0]).toContain('--method POST repos/them/theirs/issues/7/comments ')
  expect(writes[1]).toContain('--method PATCH repos/them/theirs/issues/comments/41 ')
  expect([96, 97], next.measure?.output).toContain(next.measure?.code)
  expect(next.measure?.output).toContain('::error title=lb ci is inconclusive::')
  expect(await readFile(join(folder, 'junit.xml'), 'utf8')).toContain(
    '<skipped message="inconclusive: ',
  )
  expect(await readFile(join(folder, 'comment.md'), 'utf8')).toContain(
    'The gate is inconclusive, which is no pass',
  )
}, 600_000)

test('one version against itself passes', async () => {
  const { measure, folder } = await measured({ ...same, 'fail-on': 'cpu>+900%' })
  expect([0, 96, 97], measure?.output).toContain(measure?.code)
  const found = await counted(await readResult(join(folder, 'result.json')), 'cpu>+900%')
  expect(found.gates).toMatchObject([{ state: 'pass', arm: 'head command' }])
}, 600_000)

test('a runner that is too slow for a comparison is a warning where inconclusive passes', async () => {
  const { measure } = await measured({ ...same, 'on-inconclusive': 'pass' }, slow)
  expect(measure).toMatchObject({
    code: 0,
    output: expect.stringContaining('::warning title=lb ci is inconclusive::'),
  })
}, 600_000)

test('commits of another program are refused, and the files of the repository stay as they are', async () => {
  const { measure } = await measured({ base: 'HEAD' })
  expect(measure).toMatchObject({
    code: 2,
    output: expect.stringContaining('is the repository of another program'),
  })
  expect(
    execFileSync('git', ['-C', workspace, 'status', '--porcelain'], { encoding: 'utf8' }),
  ).toBe('')
  expect(existsSync(join(workspace, '.lb'))).toBe(false)
}, 600_000)
