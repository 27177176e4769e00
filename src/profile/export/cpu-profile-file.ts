import type { Frame, Profile } from '../profile.ts'

/** A node of a CPU profile of V8: one function in one stack. */
interface Node {
  readonly id: number
  readonly callFrame: object
  hitCount: number
  readonly children: number[]
}

/**
 * A `.cpuprofile`, which Chrome DevTools and editors open: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/.
 * The profile has sums and no order in time, so each stack is one sample that lasts as long as all of its samples together.
 */
export function cpuProfileFile({ frames, samples }: Profile): string {
  const root = nodeOf(1, { name: '(root)', file: '', line: 0 })
  const nodes = [root]
  const byPath = new Map<string, Node>()
  const child = (parent: Node, index: number): Node => {
    const path = `${parent.id}/${index}`
    const found = byPath.get(path)
    if (found !== undefined) return found
    const made = nodeOf(nodes.length + 1, frames[index] as Frame)
    nodes.push(made)
    byPath.set(path, made)
    parent.children.push(made.id)
    return made
  }
  const ids: number[] = []
  const timeDeltas: number[] = []
  for (const { stack, value } of samples) {
    // A profile of V8 begins each stack with its root already.
    const inside = stack.filter((index) => frames[index]?.name !== '(root)')
    const leaf = inside.reduce(child, root)
    leaf.hitCount++
    ids.push(leaf.id)
    timeDeltas.push(Math.round(value))
  }
  const endTime = timeDeltas.reduce((sum, delta) => sum + delta, 0)
  // A sample lasts until the next one: the delta before it is that of its predecessor.
  const before = [0, ...timeDeltas].slice(0, ids.length)
  return JSON.stringify({ nodes, startTime: 0, endTime, samples: ids, timeDeltas: before })
}

function nodeOf(id: number, { name, file, line }: Frame): Node {
  const callFrame = {
    functionName: name,
    scriptId: '0',
    url: file,
    // Counted from 0; −1 in native code.
    lineNumber: line - 1,
    columnNumber: 0,
  }
  return { id, callFrame, hitCount: 0, children: [] }
}
