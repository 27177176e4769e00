import type { SharedState } from './shared-state.ts'
import type { VirtualUser } from './virtual-user.ts'

/** Tags of a value, by name. */
type Tags = Readonly<Record<string, string>>

/**
 * Counts a value of a metric of k6 for the thresholds of the script that select it by its tags: each of them has a metric of
 * its own. Values have the tags of k6 that are known here, and those that the script sets.
 */
export function countSelected(
  user: VirtualUser,
  { selectors }: SharedState,
  {
    metric,
    value,
    tags = {},
  }: { readonly metric: string; readonly value: number; readonly tags?: Tags },
): void {
  if (selectors.length === 0 || user.client === undefined) return
  const all: Tags = {
    scenario: user.scenario,
    // The path of groups as k6 writes it.
    group: user.groups.map((name) => `::${name}`).join(''),
    ...user.tags,
    ...tags,
  }
  for (const one of selectors) {
    if (one.metric !== metric) continue
    if (Object.entries(one.tags).some(([name, wanted]) => all[name] !== wanted)) continue
    user.client.metric(one.name, one.kind, value)
  }
}
