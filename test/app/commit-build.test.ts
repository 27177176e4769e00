import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildCommit } from '../../src/app/commit-build.ts'
import { UsageError } from '../../src/kit/errors.ts'

let scratch: string
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterEach(() => rm(scratch, { recursive: true }))

const signal = new AbortController().signal
const folder = () => join(scratch, 'base')

const git = (where: string, ...args: string[]) =>
  promisify(execFile)('git', [
    ...['-C', where, '-c', 'user.name=a', '-c', 'user.email=a@example.org'],
    ...args,
  ])

/** What makes a repository that of lb, in one small module: test/e2e/ci.test.ts builds lb itself. */
let repository: string
beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'lb-repository-'))
  await mkdir(join(repository, 'src/targets'), { recursive: true })
  await writeFile(
    join(repository, 'src/targets/reference.ts'),
    'export const workers: number = 1\n',
  )
  const compilerOptions = { module: 'nodenext', rootDir: '.', outDir: 'dist', types: [] }
  await writeFile(
    join(repository, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['src'] }),
  )
  await git(repository, 'init', '--quiet')
  await git(repository, 'add', '.')
  await git(repository, 'commit', '--quiet', '-m', 'first')
})
afterAll(() => rm(repository, { recursive: true }))

/** The worktree here, as git knows it. */
async function registered(): Promise<boolean> {
  const { stdout } = await git(repository, 'worktree', 'list', '--porcelain')
  return stdout.includes(folder())
}

test('a commit is compiled in a worktree, which is removed afterwards', async () => {
  {
    await using built = await buildCommit({ ref: 'HEAD', folder: folder(), repository, signal })
    expect(built.commit).toMatch(/^[0-9a-f]{40}$/)
    expect(existsSync(join(built.folder, 'dist/src/targets/reference.js'))).toBe(true)
    expect(await registered()).toBe(true)
  }
  expect(await registered()).toBe(false)
  expect(await readdir(scratch)).toEqual([])
})

test('an aborted build rejects with the reason, and leaves nothing behind', async () => {
  const controller = new AbortController()
  const building = buildCommit({
    ref: 'HEAD',
    folder: folder(),
    repository,
    signal: controller.signal,
  })
  const outcome = expect(building).rejects.toThrow('enough')
  while (!existsSync(join(folder(), 'node_modules'))) await new Promise(setImmediate)
  controller.abort(new Error('enough'))
  await outcome
  expect(await registered()).toBe(false)
  expect(await readdir(scratch)).toEqual([])
})

test('an unknown commit is refused, also one that looks like an option', async () => {
  for (const ref of ['no-such-branch', '--all', '']) {
    const refused = buildCommit({ ref, folder: folder(), repository, signal })
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow(`there is no commit "${ref}"`)
  }
})

test('another repository, or none, is refused: it has no balancer of lb', async () => {
  const options = { ref: 'HEAD', folder: folder(), repository: scratch, signal }
  await expect(buildCommit(options)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('is in no git repository'),
  })
  await git(scratch, 'init', '--quiet')
  await git(scratch, 'commit', '--quiet', '--allow-empty', '-m', 'first')
  await expect(buildCommit(options)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('is the repository of another program'),
    hint: expect.stringContaining('--head-command'),
  })
  await expect(buildCommit({ ...options, ref: 'no-such-branch' })).rejects.toMatchObject({
    message: expect.stringContaining('there is no commit "no-such-branch"'),
  })
})
