import { z } from 'zod'
import { UsageError } from '../kit/errors.ts'
import { callFrame } from './call-frame.ts'
import { frameOf } from './frame-of.ts'
import type { Frame, Profile } from './profile.ts'
import { profileBuilder } from './profile-builder.ts'

/** A `.cpuprofile`: `Profiler.Profile` of the DevTools protocol. Times are in µs. */
const cpuProfile = z.object({
  nodes: z
    .array(z.object({ id: z.number(), callFrame, children: z.array(z.number()).optional() }))
    .min(1),
  startTime: z.number(),
  endTime: z.number(),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
})

type CpuProfile = z.output<typeof cpuProfile>

/** How a profile was taken. */
interface CpuProfileOptions {
  /** Thread in which it was taken. */
  readonly worker?: string
  /** Between two samples, in ms. Without it, each sample lasts until the next one. */
  readonly intervalMs?: number
}

/**
 * Intervals that a sample lasts at most. After a longer gap the thread, or the one that samples it, had no CPU: that is no time
 * of the function that ran before it.
 */
const maxIntervals = 3

/** Time in which a thread waits, as V8 names it. */
const idle: Frame = { name: '(idle)', file: '', line: 0 }

/**
 * The profile of CPU time in a parsed `.cpuprofile`. A sample lasts until the next one, but three intervals at most: the rest is
 * `(idle)`. `(program)`, `(idle)` and `(garbage collector)` stay frames of their own; `(root)`, below which all stacks are, is left
 * out.
 *
 * @throws UsageError when it is not a CPU profile
 */
export function profileOfCpuProfile(
  parsed: unknown,
  { worker, intervalMs = Number.POSITIVE_INFINITY }: CpuProfileOptions = {},
): Profile {
  const { success, data } = cpuProfile.safeParse(parsed)
  if (!success) {
    throw new UsageError(
      'the file is not a CPU profile of V8',
      'give a .cpuprofile, as node --cpu-prof writes it',
    )
  }
  const stackOf = stacksOf(data)
  const builder = profileBuilder('cpu')
  const { times, lost } = timeByNode(data, maxIntervals * 1000 * intervalMs)
  for (const [node, time] of times) builder.add(stackOf(node), time, worker)
  builder.add([idle], lost, worker)
  return builder.build((data.endTime - data.startTime) / 1e6)
}

/**
 * µs of each node, of a sample `max` at most, and what is beyond that. Samples may be out of order by some µs, since several
 * threads write their times.
 */
function timeByNode(
  { samples, timeDeltas, startTime, endTime }: CpuProfile,
  max: number,
): { readonly times: ReadonlyMap<number, number>; readonly lost: number } {
  let at = startTime
  const taken = samples.map((node, index) => {
    at += timeDeltas[index] ?? 0
    return { node, at }
  })
  taken.sort((a, b) => a.at - b.at)
  const times = new Map<number, number>()
  let lost = 0
  for (const [index, { node, at: start }] of taken.entries()) {
    const end = taken[index + 1]?.at ?? Math.max(endTime, start)
    const time = Math.min(end - start, max)
    times.set(node, (times.get(node) ?? 0) + time)
    lost += end - start - time
  }
  return { times, lost }
}

/** Gives the stack of a node, root first. */
function stacksOf({ nodes }: CpuProfile): (node: number) => readonly Frame[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map<number, number>()
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id)
  return (node) => {
    const stack: Frame[] = []
    // A node that is its own ancestor would have no root: the number of nodes bounds the stack.
    for (let id: number | undefined = node; id !== undefined && stack.length < nodes.length; ) {
      const found = byId.get(id)
      const parent: number | undefined = parents.get(id)
      if (found !== undefined && (parent !== undefined || stack.length === 0))
        stack.push(frameOf(found.callFrame))
      id = parent
    }
    return stack.reverse()
  }
}
