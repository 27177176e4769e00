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
  readonly signal: AbortSignal
}

/**
 * Checks out a commit of the repository that lb runs from into a git worktree, and compiles it with the installed
 * packages. Disposing removes the worktree.
 *
 * @throws {UsageError} lb does not run from its repository, or there is no such commit
 * @throws {ProcessError} the commit does not compile
 * @throws the reason of the signal, if it aborts
 */
export async function buildCommit({ ref, folder, signal }: CommitOptions): Promise<CommitBuild> {
  const root = dirname(findPackageJSON('.', import.meta.url) as string)
  const commit = await commitOf(root, ref)
  const git = (...args: string[]) => run('git', ['-C', root, ...noHooks, ...args])
  const dispose = async () => {
    // Git prunes worktrees without a folder, so that a failure here leaves nothing behind.
    await git('worktree', 'remove', '--force', folder).catch(() => undefined)
  }
  try {
    await git('worktree', 'add', '--detach', folder, commit)
    const packages = join(root, 'node_modules')
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

async function commitOf(root: string, ref: string): Promise<string> {
  try {
    const { stdout } = await run('git', [
      ...['-C', root, 'rev-parse', '--verify', '--quiet', '--end-of-options'],
      `${ref}^{commit}`,
    ])
    return stdout.trim()
  } catch {
    const repository = await run('git', ['-C', root, 'rev-parse', '--git-dir']).catch(
      () => undefined,
    )
    throw repository === undefined
      ? new UsageError(
          '--base needs lb to run from its own repository, whose commits it builds',
          'compare two configurations or commands: --head-config, --head-command',
        )
      : new UsageError(
          `there is no commit "${ref}"`,
          'fetch it first; in CI, clone the full history (fetch-depth: 0)',
        )
  }
}

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
