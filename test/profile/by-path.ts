import type { Profile } from '../../src/profile/profile.ts'

/** The values of a profile by stack, as names from the root, summed over workers. */
export function byPath({ frames, samples }: Profile): Record<string, number> {
  const values: Record<string, number> = {}
  for (const { stack, value } of samples) {
    const path = stack.map((index) => frames[index]?.name).join(' > ')
    values[path] = (values[path] ?? 0) + value
  }
  return values
}
