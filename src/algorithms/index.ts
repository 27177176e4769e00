import type { Algorithm } from './algorithm.ts'
import * as registry from './registry.ts'

/** All algorithms of registry.ts, in alphabetical order. */
export const algorithms: readonly Algorithm[] = Object.values(registry)
