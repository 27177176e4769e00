import { targets } from './index.ts'
import type { Target } from './target.ts'

/** A target, as it is found on this host. */
export interface InstalledTarget {
  readonly name: string
  readonly summary: string
  /** Whether it can run here; those that need a setting can, once they are told. */
  readonly found: boolean
  /** Of what would run; only where it tells. */
  readonly version?: string
  /** What is missing, and how to get it: only where it cannot run here. */
  readonly missing?: string
  /** The flag without which there is nothing to put under test. */
  readonly needs?: string
  /** Our names of the algorithms that it has → its own. */
  readonly algorithms: Readonly<Record<string, string>>
}

/** Every target, found here or not, in alphabetical order. */
export function installedTargets(): Promise<InstalledTarget[]> {
  return Promise.all(targets.map(foundTarget))
}

async function foundTarget(target: Target): Promise<InstalledTarget> {
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
