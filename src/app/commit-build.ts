import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { ProcessError, UsageError } from '../kit/errors.ts'
import { killGroupAtExit, signalGroup } from '../lab/process-group.ts'

const run = promisify(execFile)

/** A build of another commit of lb. */
export interface CommitBuild extends AsyncDisposable {
  /** Full hash. */
  readonly commit: string
  /** Folder of the checkout; the build is in its `dist`. */
  readonly folder: string
}

/** The commit to build, and the folder. */
export interface CommitOptions {
  /** A commit, branch or tag. */
  readonly ref: string
  /** Folder for the checkout; it must not exist. */
  readonly folder: string
  /** A folder of the repository that is measured: the working directory. */
  readonly repository: string
  readonly signal: AbortSignal
}

/**
 * Checks out a commit of a repository of lb into a git worktree, and compiles it with the packages of the running lb.
 * Disposing removes the worktree.
 *
 * @throws {UsageError} the folder is in no repository or in one of another program, or there is no such commit
 * @throws {ProcessError} the commit does not compile
 * @throws the reason of the signal, if it aborts
 */
export async function buildCommit(options: CommitOptions): Promise<CommitBuild> {
  const { ref, folder, repository, signal } = options
  const own = dirname(findPackageJSON('.', import.meta.url) as string)
  const root = await rootOf(repository)
  const commit = await commitOf(root, ref)
  await checkBalancer(root, commit)
  const git = (...args: string[]) => run('git', ['-C', root, ...noHooks, ...args])
  const dispose = async () => {
    // Git prunes worktrees without a folder, so that a failure here leaves nothing behind.
    await git('worktree', 'remove', '--force', folder).catch(() => undefined)
  }
  try {
    await git('worktree', 'add', '--detach', folder, commit)
    const packages = join(own, 'node_modules')
    await symlink(packages, join(folder, 'node_modules'))
    await compile(folder, join(packages, 'typescript', 'bin', 'tsc'), signal)
  } catch (error) {
    await dispose()
    signal.throwIfAborted()
    throw new ProcessError(`${ref} (${commit.slice(0, 12)}) cannot be built`, outputOf(error))
  }
  return { commit, folder, [Symbol.asyncDispose]: dispose }
}

/** Waits for the end of the compiler, even if aborted: while it writes, its folder cannot be removed. */
async function compile(folder: string, compiler: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, [compiler, '-p', '.'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const leader = child.pid as number
  const release = killGroupAtExit(leader)
  const kill = () => signalGroup(leader, 'SIGKILL')
  signal.addEventListener('abort', kill)
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  signal.removeEventListener('abort', kill)
  release()
  if (code !== 0) throw Object.assign(new Error('the compiler failed'), { stdout, stderr })
}

/** The root of the repository that a folder is in. */
async function rootOf(folder: string): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', folder, 'rev-parse', '--show-toplevel'])
    return stdout.trimEnd()
  } catch {
    throw new UsageError(`--base names a commit, and ${folder} is in no git repository`, otherSides)
  }
}

async function commitOf(root: string, ref: string): Promise<string> {
  try {
    const { stdout } = await run('git', [
      ...['-C', root, 'rev-parse', '--verify', '--quiet', '--end-of-options'],
      `${ref}^{commit}`,
    ])
    return stdout.trim()
  } catch {
    throw new UsageError(
      `there is no commit "${ref}" in ${root}`,
      'fetch it first; in CI, clone the full history (fetch-depth: 0)',
    )
  }
}

/** A commit of another program has no balancer that lb could build: its sides are commands. */
async function checkBalancer(root: string, commit: string): Promise<void> {
  const balancer = `${commit}:src/targets/reference.ts`
  await run('git', ['-C', root, 'cat-file', '-e', balancer]).catch(() => {
    throw new UsageError(
      `--base builds commits of lb, and ${root} is the repository of another program`,
      otherSides,
    )
  })
}

const otherSides =
  'name the two sides with --base-command and --head-command, or with --base-config and --head-config'

/** Hooks are meant for the user's own checkouts. */
const noHooks = ['-c', 'core.hooksPath=/dev/null']

/** The last lines of the output of git or the compiler. */
function outputOf(error: unknown): string {
  const {
    stdout = '',
    stderr = '',
    message,
  } = error as Error & { stdout?: string; stderr?: string }
  const lines = `${stdout}${stderr}`.trim() || message
  return lines.split('\n').slice(-5).join(' · ')
}
