import type { Algorithm } from './algorithm.ts'
import * as registry from './registry.ts'

/** Every algorithm that `lb` knows, in alphabetical order: as many as registry.ts has lines. */
export const algorithms: readonly Algorithm[] = Object.values(registry)
