import { type Names, newNames } from '../../../src/balancer/names/names.ts'

/** Names by the files of this system. */
export const testNames = (): Names =>
  newNames({ settings: { timeout: 2 }, now: () => performance.now() / 1000 })
