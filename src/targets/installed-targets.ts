import { targets } from './index.ts'
import type { Target } from './target.ts'

/** A target and whether it is installed on this host. */
export interface InstalledTarget {
  readonly name: string
  readonly summary: string
  /** Whether it can run on this host; targets that need a flag can. */
  readonly found: boolean
  /** Version of the program; absent where the program does not print it. */
  readonly version?: string
  /** What is missing and how to install it; absent where it can run. */
  readonly missing?: string
  /** A flag that it requires. */
  readonly needs?: string
  /** Algorithms: the name in lb → the name in the target. */
  readonly algorithms: Readonly<Record<string, string>>
}

/** All targets, installed or not, in alphabetical order. */
export function installedTargets(): Promise<InstalledTarget[]> {
  return Promise.all(targets.map(describeTarget))
}

async function describeTarget(target: Target): Promise<InstalledTarget> {
  const { name, summary, algorithms, needs } = target
  const [missing, version] = await Promise.all([target.unavailable(), target.version()])
  return {
    ...{ name, summary, found: missing === undefined },
    ...(version !== undefined && { version }),
    ...(missing !== undefined && { missing }),
    ...(needs !== undefined && { needs: `--${needs}` }),
    algorithms,
  }
}
