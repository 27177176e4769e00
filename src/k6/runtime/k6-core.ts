import { seeded } from '../../kit/random.ts'
import { countSelected } from './selected-metrics.ts'
import type { SharedState } from './shared-state.ts'
import { clientOf, type VirtualUser } from './virtual-user.ts'

type Predicate = (value: unknown) => unknown

/** The stand-in for `k6`: check, fail, group, randomSeed, sleep. */
export function k6Module(user: VirtualUser, shared: SharedState): Record<string, unknown> {
  return {
    check: (value: unknown, checks: Readonly<Record<string, unknown>>, tags?: Tags) =>
      check(user, value, checks, (name, passed) =>
        countSelected(user, shared, {
          ...{ metric: 'checks', value: Number(passed) },
          tags: { ...tags, check: name },
        }),
      ),
    fail: (message?: string) => {
      throw new Error(message ?? 'fail() was called')
    },
    group: (name: string, run: () => unknown) => group(user, shared, String(name), run),
    randomSeed: (seed: number) => {
      user.seeded = seeded(seed)
    },
    sleep: (seconds: number) => clientOf(user, 'sleep()').pause(Math.max(0, Number(seconds) || 0)),
  }
}

type Tags = Readonly<Record<string, string>> | null

/** Runs a part of an iteration as a group; the time that it took is a value of `group_duration`. */
async function group(
  user: VirtualUser,
  shared: SharedState,
  name: string,
  run: () => unknown,
): Promise<unknown> {
  const client = clientOf(user, 'group()')
  user.groups.push(name)
  const beganMs = performance.now()
  try {
    return await client.group(name, async () => run())
  } finally {
    countSelected(user, shared, { metric: 'group_duration', value: performance.now() - beganMs })
    user.groups.pop()
  }
}

/**
 * Counts each check as passed or failed; one that throws is failed, and its error goes on, as in k6. Returns whether
 * all passed: a promise where a predicate waits.
 */
function check(
  user: VirtualUser,
  value: unknown,
  checks: Readonly<Record<string, unknown>>,
  counted: (name: string, passed: boolean) => void,
): boolean | Promise<boolean> {
  const client = clientOf(user, 'check()')
  const waiting: Promise<boolean>[] = []
  let all = true
  const count = (name: string, passed: boolean) => {
    client.check(name, passed)
    counted(name, passed)
    all &&= passed
    return passed
  }
  for (const [name, wanted] of Object.entries(checks)) {
    try {
      const found = typeof wanted === 'function' ? (wanted as Predicate)(value) : wanted
      if (found instanceof Promise) waiting.push(found.then((later) => count(name, Boolean(later))))
      else count(name, Boolean(found))
    } catch (error) {
      count(name, false)
      throw error
    }
  }
  return waiting.length === 0 ? all : Promise.all(waiting).then(() => all)
}
