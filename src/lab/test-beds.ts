import { join } from 'node:path'
import type { Placement } from './cores.ts'
import type { TempDir } from './temp-dir.ts'
import { openTestBed, type TestBed } from './test-bed.ts'

/** Test beds that are kept for later trials. Closing ends all of their processes. */
export interface TestBeds extends AsyncDisposable {
  /** Whether all processes of a trial run on other hosts, so that CPUs and meters of this one say nothing about it. */
  readonly isElsewhere: boolean
  /**
   * The test bed of a placement, a kept one where there is one. Its lease ends it unless `keep` was called.
   * @throws {ProcessError} one of its processes could not be started
   */
  lease(placement: Placement): Promise<TestBedLease>
}

/** The use of a test bed by one trial. */
export interface TestBedLease extends AsyncDisposable {
  readonly bed: TestBed
  /** The trial went well: the test bed may serve another one. */
  keep(): void
}

/** Maximum number of test beds that are kept: idle processes use no CPU time, but memory. */
const maxKept = 4

let opened = 0

/** No test bed yet. Their logs are in folders of their own in `tempDir`. */
export function testBeds(tempDir: Pick<TempDir, 'path'>): TestBeds {
  /** By placement; the one that was used last is the last. */
  const kept = new Map<string, TestBed>()
  const take = async (key: string, placement: Placement): Promise<TestBed> => {
    const found = kept.get(key)
    kept.delete(key)
    if (found?.alive) return found
    await found?.[Symbol.asyncDispose]()
    return openTestBed(placement, join(tempDir.path, `test-bed-${++opened}`))
  }
  return {
    isElsewhere: false,
    async lease(placement) {
      const key = JSON.stringify([placement.pinned, placement.processes])
      const bed = await take(key, placement)
      let keep = false
      return {
        bed,
        keep() {
          keep = true
        },
        async [Symbol.asyncDispose]() {
          if (!keep || !bed.alive) return bed[Symbol.asyncDispose]()
          kept.set(key, bed)
          const [oldest] = kept
          if (kept.size <= maxKept || oldest === undefined) return
          kept.delete(oldest[0])
          await oldest[1][Symbol.asyncDispose]()
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...kept.values()].map((bed) => bed[Symbol.asyncDispose]()))
      kept.clear()
    },
  }
}
