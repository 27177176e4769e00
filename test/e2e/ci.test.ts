import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { burnEnv, headBurns } from '../../bench/support/burn-env.ts'
import { resultExitCode } from '../../src/cli/result-exit-code.ts'
import { readResult } from '../../src/result/read.ts'
import { builtLb, startLbWith } from '../support/processes/built-lb.ts'
import { counted } from '../support/results/counted.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

// The fewest pairs that can decide.
const short = [
  // No trial is run to choose the driver.
  ...['--phase', 'capacity', '--trials', '6', '--connections', '4', '--driver', 'lean'],
  ...['--warmup', '100ms', '--duration', '200ms', '--format', 'markdown'],
]

test('a balancer that burns CPU on each request fails the gate, measured beside itself', async () => {
  const output = join(folder, 'burning')
  // 2 ms a request is twenty times and more what a request costs.
  const args = ['ci', ...headBurns, ...short, '--output', output]
  const { code, stderr } = await startLbWith(burnEnv(0.002), ...args).finished
  expect([0, 96, 97, 98], stderr).toContain(code)
  const document = await readResult(join(output, 'result.json'))
  const found = await counted(document, 'cpu>+50%')
  expect(found.gates).toMatchObject([{ state: 'fail', arm: 'head round-robin ×1' }])
  expect(resultExitCode(found)).toBe(98)
}, 300_000)

test('two builds of one commit pass it, and leave comment, JUnit and summary, but no worktree', async () => {
  const output = join(folder, 'same')
  const summary = join(folder, 'summary.md')
  await writeFile(summary, 'before\n')
  process.env.GITHUB_STEP_SUMMARY = summary
  const before = new Set(await worktrees())
  const { code, stderr } = await builtLb('ci', '--base', 'HEAD', ...short, '--output', output)
  delete process.env.GITHUB_STEP_SUMMARY
  expect([0, 96, 97, 98], stderr).toContain(code)
  const document = await readResult(join(output, 'result.json'))
  const [base, head] = document.plan.arms
  expect(base?.variant?.commit).toMatch(/^[0-9a-f]{40}$/)
  expect(head?.variant?.commit).toBe(base?.variant?.commit)
  // Against itself it would have to cost twice as much, trial for trial.
  const found = await counted(document, 'cpu>+100%')
  expect(found.gates.filter(({ state }) => state === 'fail')).toEqual([])
  expect(await readFile(summary, 'utf8')).toMatch(/^before\n## Load balancers: ci/)
  expect(await readFile(join(output, 'comment.md'), 'utf8')).toContain('### Compared with base')
  expect(await readFile(join(output, 'junit.xml'), 'utf8')).toContain('<testsuite name="gates"')
  // Others may add and remove their own meanwhile.
  const left = (await worktrees()).filter((one) => !before.has(one))
  expect(left.filter((one) => one.startsWith(`worktree ${join(tmpdir(), 'lb-')}`))).toEqual([])
}, 300_000)

async function worktrees(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('git', ['worktree', 'list', '--porcelain'])
  return stdout.split('\n').filter((line) => line.startsWith('worktree '))
}
