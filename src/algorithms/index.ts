import type { Algorithm } from './algorithm.ts'

/** Every algorithm that `lb` knows, in the order in which it lists them. */
export const algorithms: readonly Algorithm[] = []
