import { join } from 'node:path'
import type { AbFlags } from '../cli/ab-flags.ts'
import { UsageError } from '../kit/errors.ts'
import type { AbSides } from '../plan/ab-plan.ts'
import type { Variant } from '../plan/plan.ts'
import { buildCommit } from './commit-build.ts'
import type { LiveSession } from './live-session.ts'

/** The two sides of an A/B comparison; disposing removes their builds. */
type BuiltSides = AbSides & AsyncDisposable

/**
 * Checks that the flags of `lb ci` define two sides.
 *
 * @throws {UsageError} they define one side only
 */
export function checkSides(flags: AbFlags): void {
  const defining = ['base', 'base-config', 'head-config', 'base-command'] as const
  if (defining.some((name) => flags[name] !== undefined)) return
  throw new UsageError(
    'ci needs two sides, and only one is given',
    'name a commit with --base, a configuration with --head-config, or two commands',
  )
}

/**
 * The two sides that the flags of `lb ci` define, which are checked. Commits are built in the temporary folder of the session.
 *
 * @throws {UsageError} there is no such commit
 * @throws {ProcessError} a commit does not compile
 */
export async function abSides(flags: AbFlags, session: LiveSession): Promise<BuiltSides> {
  const { 'base-command': baseCommand, 'head-command': headCommand } = flags
  if (baseCommand !== undefined && headCommand !== undefined) {
    return withoutBuilds({ base: { command: baseCommand }, head: { command: headCommand } })
  }
  const { base: baseRef, head: headRef = 'HEAD' } = flags
  const base = configVariant(flags['base-config'])
  const head = configVariant(flags['head-config'])
  if (baseRef !== undefined) return buildSides({ baseRef, base, headRef, head }, session)
  return withoutBuilds({ base, head })
}

type Side = Omit<Variant, 'side'>

interface Commits {
  readonly baseRef: string
  readonly base: Side
  readonly headRef: string
  readonly head: Side
}

async function buildSides(commits: Commits, session: LiveSession): Promise<BuiltSides> {
  const { tempDir, signal, progress } = session
  await using builds = new AsyncDisposableStack()
  const build = async (side: string, ref: string): Promise<Side> => {
    const line = `building ${ref}`
    progress.show({ lines: () => [line], line: () => line })
    const folder = join(tempDir.path, side)
    const repository = process.cwd()
    const { commit } = builds.use(await buildCommit({ ref, folder, repository, signal }))
    return { commit, build: folder }
  }
  const base = { ...(await build('base', commits.baseRef)), ...commits.base }
  const head = { ...(await build('head', commits.headRef)), ...commits.head }
  const kept = builds.move()
  return { base, head, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

function configVariant(config: AbFlags['base-config']): Side {
  // The flag has parsed JSON.
  return config === undefined ? {} : { config: config as NonNullable<Side['config']> }
}

function withoutBuilds(sides: AbSides): BuiltSides {
  return { ...sides, async [Symbol.asyncDispose]() {} }
}
