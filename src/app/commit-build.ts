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

/** A commit of lb, checked out and compiled beside the running one. */
export interface CommitBuild extends AsyncDisposable {
  /** In full. */
  readonly commit: string
  /** The checkout; what was compiled is in its `dist`. */
  readonly folder: string
}

/** What to build, and where. */
export interface CommitOptions {
  /** A commit, branch or tag. */
  readonly ref: string
  /** Folder of its own for the checkout; it must not exist. */
  readonly folder: string
  readonly signal: AbortSignal
}

/**
 * Checks a commit of the repository that lb itself runs from out into a worktree, and compiles it with the
 * packages that are installed. The worktree is gone once it is disposed.
 *
 * @throws {UsageError} lb does not run from its repository, or there is no such commit
 * @throws {ProcessError} the commit does not compile
 * @throws the signal's reason, once it aborts
 */
export async function buildCommit({ ref, folder, signal }: CommitOptions): Promise<CommitBuild> {
  const root = dirname(findPackageJSON('.', import.meta.url) as string)
  const commit = await commitOf(root, ref)
  const git = (...args: string[]) => run('git', ['-C', root, ...noHooks, ...args])
  const dispose = async () => {
    // Git forgets a worktree whose folder is gone by itself; so a failure here leaves nothing behind.
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
    throw new ProcessError(`${ref} (${commit.slice(0, 12)}) cannot be built`, said(error))
  }
  return { commit, folder, [Symbol.asyncDispose]: dispose }
}

/** Ends only when the compiler has, aborted or not: while it writes, its folder cannot be removed. */
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
          'lb does not run from its own repository, so it has no commits to build',
          'compare two configurations or commands: --head-config, --head-command',
        )
      : new UsageError(
          `there is no commit "${ref}"`,
          'fetch it first; a shallow clone in CI needs its full history (fetch-depth: 0)',
        )
  }
}

/** What a checkout triggers is meant for people's own checkouts. */
const noHooks = ['-c', 'core.hooksPath=/dev/null']

/** The last lines of what git or the compiler printed. */
function said(error: unknown): string {
  const {
    stdout = '',
    stderr = '',
    message,
  } = error as Error & { stdout?: string; stderr?: string }
  const lines = `${stdout}${stderr}`.trim() || message
  return lines.split('\n').slice(-5).join(' · ')
}
