import { createHook } from 'node:async_hooks'
import { getCallSites } from 'node:util'
import { frameOf } from '../../profile/frame-of.ts'
import type { Frame, Profile } from '../../profile/profile.ts'
import { profileBuilder } from '../../profile/profile-builder.ts'

/** Asynchronous operations of one thread, while they are watched. */
export interface ActivityWatch extends Disposable {
  /** Ends the watch: the operations that are open now, by kind and by where they were begun. */
  stop(): Profile
}

/** Maximum number of operations that are remembered at once; of others, it is not known where they were begun. */
const maxRemembered = 50_000

/** Maximum number of frames of a stack. */
const maxFrames = 32

/** Steps of one turn of the event loop: none of them is open between two turns. */
const steps: ReadonlySet<string> = new Set(['TickObject', 'Microtask'])

/** Kinds that async_hooks and `process.getActiveResourcesInfo` name differently, in more than capitals. */
const otherNames: Readonly<Record<string, string>> = { TCPWRAP: 'TCPSocketWrap' }

/** Frame of operations that were begun before the watch. */
const earlier: Frame = { name: '(begun before the profile)', file: '', line: 0 }

interface Operation {
  readonly kind: string
  readonly stack: readonly Frame[]
}

/**
 * Watches the asynchronous operations of this thread with async_hooks: each one that begins is remembered with its stack
 * until it ends. Operations that are older are counted from `process.getActiveResourcesInfo`, which knows their kind only.
 * Promises are not operations: they are how code waits for them.
 *
 * @param worker label of this thread
 */
export function watchActivity(worker: string): ActivityWatch {
  const since = performance.now()
  const open = new Map<number, Operation>()
  const hook = createHook({
    trackPromises: false,
    init(id, kind) {
      if (!steps.has(kind) && open.size < maxRemembered) open.set(id, { kind, stack: stackHere() })
    },
    destroy(id) {
      open.delete(id)
    },
  }).enable()
  return {
    stop() {
      hook.disable()
      const active = process.getActiveResourcesInfo()
      const builder = profileBuilder('activity')
      const nameOf = namesLike(active)
      const begun = new Map<string, number>()
      for (const { kind: hooked, stack } of open.values()) {
        const kind = nameOf(hooked)
        begun.set(kind, (begun.get(kind) ?? 0) + 1)
        builder.add([...stack, kindFrame(kind)], 1, worker)
      }
      for (const [kind, count] of countsOf(active)) {
        const older = count - (begun.get(kind) ?? 0)
        if (older > 0) builder.add([earlier, kindFrame(kind)], older, worker)
      }
      return builder.build((performance.now() - since) / 1000)
    },
    [Symbol.dispose]: () => void hook.disable(),
  }
}

/** The stack of the caller, root first, without the frames of the hook. */
function stackHere(): Frame[] {
  return getCallSites(maxFrames, { sourceMap: false })
    .slice(2)
    .filter(({ scriptName }) => scriptName !== 'node:internal/async_hooks')
    .map(({ functionName, scriptName: url, lineNumber }) =>
      frameOf({ functionName, url, lineNumber: lineNumber - 1 }),
    )
    .reverse()
}

/** Gives the kind as `process.getActiveResourcesInfo` names it, where it does. */
function namesLike(active: readonly string[]): (kind: string) => string {
  const names = new Map(active.map((name) => [name.toLowerCase(), name]))
  return (kind) => otherNames[kind] ?? names.get(kind.toLowerCase()) ?? kind
}

function countsOf(kinds: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

function kindFrame(name: string): Frame {
  return { name, file: '', line: 0 }
}
