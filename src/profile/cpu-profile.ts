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

/**
 * The profile of CPU time in a parsed `.cpuprofile`. A sample lasts until the next one. `(program)`, `(idle)` and
 * `(garbage collector)` stay frames of their own; `(root)`, below which all stacks are, is left out.
 *
 * @param worker thread in which it was taken
 * @throws UsageError when it is not a CPU profile
 */
export function profileOfCpuProfile(parsed: unknown, worker?: string): Profile {
  const { success, data } = cpuProfile.safeParse(parsed)
  if (!success) {
    throw new UsageError(
      'the file is not a CPU profile of V8',
      'give a .cpuprofile, as node --cpu-prof writes it',
    )
  }
  const stackOf = stacksOf(data)
  const builder = profileBuilder('cpu')
  for (const [node, time] of timeByNode(data)) builder.add(stackOf(node), time, worker)
  return builder.build((data.endTime - data.startTime) / 1e6)
}

/** µs of each node. Samples may be out of order by some µs, since several threads write their times. */
function timeByNode({ samples, timeDeltas, startTime, endTime }: CpuProfile): Map<number, number> {
  let at = startTime
  const taken = samples.map((node, index) => {
    at += timeDeltas[index] ?? 0
    return { node, at }
  })
  taken.sort((a, b) => a.at - b.at)
  const times = new Map<number, number>()
  for (const [index, { node, at: start }] of taken.entries()) {
    const end = taken[index + 1]?.at ?? Math.max(endTime, start)
    times.set(node, (times.get(node) ?? 0) + end - start)
  }
  return times
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
