import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyCells, recentKeys } from '../../../src/balancer/limits/recent-keys.ts'

function keysOf(shards: number, slots: number) {
  return recentKeys(new Int32Array(keyCells({ shards, slots })), { shards, slots })
}

test('holds the most recently used keys after any sequence of uses', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.tuple(fc.nat(1), fc.integer({ min: -6, max: 6 }), fc.nat(1)), { maxLength: 200 }),
      (slots, uses) => {
        const keys = keysOf(2, slots)
        // Two lists of [key, slot], the most recent last.
        const model = [new Map<string, number>(), new Map<string, number>()] as const
        for (const [shard, high, low] of uses) {
          const recent = model[shard === 0 ? 0 : 1]
          const name = `${high} ${low}`
          const slot = keys.use(shard, high, low)
          const expected = recent.get(name)
          if (expected === undefined) {
            const added = ~slot
            expect(added).toBeGreaterThanOrEqual(shard * slots)
            expect(added).toBeLessThan((shard + 1) * slots)
            const [oldest] = recent
            if (recent.size === slots && oldest !== undefined) {
              expect(added).toBe(oldest[1])
              recent.delete(oldest[0])
            }
            expect([...recent.values()]).not.toContain(added)
            recent.set(name, added)
          } else {
            expect(slot).toBe(expected)
            recent.delete(name)
            recent.set(name, expected)
          }
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('clears one shard and no other', () => {
  const keys = keysOf(2, 4)
  for (const shard of [0, 1]) for (const low of [1, 2, 3, 4, 5]) keys.use(shard, 0, low)
  keys.clear(0)
  expect([2, 3, 4, 5].map((low) => keys.use(1, 0, low) >= 0)).toEqual([true, true, true, true])
  expect([2, 3, 4, 5].map((low) => keys.use(0, 0, low) >= 0)).toEqual([false, false, false, false])
  expect([2, 3, 4, 5].map((low) => keys.use(0, 0, low) >= 0)).toEqual([true, true, true, true])
})
