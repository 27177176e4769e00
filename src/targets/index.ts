import * as registry from './registry.ts'
import type { Target } from './target.ts'

/** Everything that can be put under test, in alphabetical order: as many as registry.ts has lines. */
export const targets: readonly Target[] = Object.values(registry)
