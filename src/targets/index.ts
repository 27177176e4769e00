import { direct } from './direct.ts'
import { reference } from './reference.ts'
import type { Target } from './target.ts'

/** Everything that can be put under test, in the order in which `lb` lists it. */
export const targets: readonly Target[] = [reference, direct]
