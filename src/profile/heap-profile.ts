import { z } from 'zod'
import { UsageError } from '../kit/errors.ts'
import { callFrame } from './call-frame.ts'
import { type CallFrame, frameOf } from './frame-of.ts'
import type { Frame, Profile } from './profile.ts'
import { profileBuilder } from './profile-builder.ts'

/** A node of a `.heapprofile`: `HeapProfiler.SamplingHeapProfileNode` of the DevTools protocol. */
interface HeapNode {
  readonly callFrame: CallFrame
  /** Bytes allocated in the function itself, as V8 estimates them from its samples. */
  readonly selfSize: number
  readonly children: readonly HeapNode[]
}

const heapNode: z.ZodType<HeapNode> = z.object({
  callFrame,
  selfSize: z.number(),
  get children() {
    return z.array(heapNode)
  },
})
const heapProfile = z.object({ head: heapNode })

/**
 * The profile of the heap in a parsed `.heapprofile`: bytes of the objects that were allocated while it was taken, and that
 * it kept. `(root)`, below which all stacks are, is left out.
 *
 * @param seconds how long allocations were sampled
 * @param worker thread in which it was taken
 * @throws UsageError when it is not a heap profile
 */
export function profileOfHeapProfile(parsed: unknown, seconds: number, worker?: string): Profile {
  const { success, data } = heapProfile.safeParse(parsed)
  if (!success) {
    throw new UsageError(
      'the file is not a heap profile of V8',
      'give a .heapprofile, as node --heap-prof writes it',
    )
  }
  const builder = profileBuilder('heap')
  const visit = ({ callFrame: frame, selfSize, children }: HeapNode, above: readonly Frame[]) => {
    const stack = [...above, frameOf(frame)]
    builder.add(stack, selfSize, worker)
    for (const child of children) visit(child, stack)
  }
  const { head } = data
  builder.add([frameOf(head.callFrame)], head.selfSize, worker)
  for (const child of head.children) visit(child, [])
  return builder.build(seconds)
}
