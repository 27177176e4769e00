import type { SharedState } from './shared-state.ts'

/** The stand-in for `k6/data`: arrays that are made once for all virtual users, and that none can change. */
export function dataModule({ arrays }: SharedState): Record<string, unknown> {
  // A constructor that returns an object gives that object to `new`.
  function SharedArray(name: string, make: () => unknown): readonly unknown[] {
    const known = arrays.get(name)
    if (known !== undefined) return known
    const made = make()
    if (!Array.isArray(made))
      throw new Error(`the function of SharedArray "${name}" returns no array`)
    const shared = Object.freeze(made.map(deepFrozen))
    arrays.set(name, shared)
    return shared
  }
  return { SharedArray }
}

function deepFrozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFrozen(inner)
  return Object.freeze(value)
}
