import * as registry from './registry.ts'
import type { Target } from './target.ts'

/** All targets, in alphabetical order: one for each line of registry.ts. */
export const targets: readonly Target[] = Object.values(registry)
