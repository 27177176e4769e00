import { busySamples } from '../../src/profile/diff/frame-costs.ts'
import { portableFile } from '../../src/profile/diff/portable-file.ts'
import type { NamedProfile } from '../../src/profile/export/speedscope.ts'
import type { ProfileSummary } from '../../src/result/schemas/profile.ts'

/** A function, and what the diff says of it: as the script of the page reads it. */
interface FlameFrame {
  readonly name: string
  readonly where: string
  /** Head − base of its own cost, per request. */
  readonly difference?: { readonly center: number; readonly low: number; readonly high: number }
  readonly outcome?: string
}

/** A function in one stack: its cost per request in each arm, and the functions that it calls. */
interface FlameNode {
  /** Index of `frames`; −1 at the root. */
  readonly frame: number
  readonly values: number[]
  readonly children: FlameNode[]
}

/** All that the page draws. */
export interface FlameData {
  readonly unit: string
  readonly arms: readonly string[]
  /** The arms that are compared; absent without a diff. */
  readonly diff?: { readonly base: number; readonly head: number }
  readonly frames: readonly FlameFrame[]
  readonly root: FlameNode
}

const units = { microseconds: 'µs', bytes: 'bytes' } as const

/** The stacks of all arms in one tree, so that a function is in the same place in each view. */
export function flameData(summary: ProfileSummary, profiles: readonly NamedProfile[]): FlameData {
  const frames: FlameFrame[] = []
  const indexes = new Map<string, number>()
  const found = new Map(summary.diff?.frames.map((one) => [keyOf(one.frame), one]))
  const indexOf = (key: string, frame: { name: string; file: string; line: number }) => {
    const known = indexes.get(key)
    if (known !== undefined) return known
    const diff = found.get(key)
    frames.push({
      name: frame.name,
      where: frame.file === '' ? '' : `${frame.file}:${frame.line}`,
      ...(diff && { difference: diff.self, outcome: diff.outcome }),
    })
    indexes.set(key, frames.length - 1)
    return frames.length - 1
  }
  const root = node(-1, profiles.length)
  for (const [arm, { name, profile }] of profiles.entries()) {
    const named = profile.frames.map((frame) => ({ ...frame, file: portableFile(frame.file) }))
    const own = (index: number) => {
      const frame = named[index] as (typeof named)[number]
      return indexOf(keyOf(frame), frame)
    }
    const busy = busySamples(profile)
    const sum = busy.reduce((total, { value }) => total + value, 0)
    const perRequest = summary.arms.find((one) => one.arm === name)?.perRequest.center ?? sum
    for (const { stack, value } of busy) {
      add(root, stack.map(own), { arm, value: (value * perRequest) / sum })
    }
  }
  const { diff } = summary
  const at = (arm: string) => profiles.findIndex(({ name }) => name === arm)
  return {
    unit: units[summary.unit],
    arms: profiles.map(({ name }) => name),
    ...(diff && { diff: { base: at(diff.base), head: at(diff.head) } }),
    frames,
    root,
  }
}

function add(
  root: FlameNode,
  stack: readonly number[],
  { arm, value }: { readonly arm: number; readonly value: number },
): void {
  let at = root
  at.values[arm] = (at.values[arm] as number) + value
  for (const frame of stack) {
    let child = at.children.find((one) => one.frame === frame)
    if (child === undefined) {
      child = node(frame, root.values.length)
      at.children.push(child)
    }
    child.values[arm] = (child.values[arm] as number) + value
    at = child
  }
}

function node(frame: number, arms: number): FlameNode {
  return { frame, values: Array<number>(arms).fill(0), children: [] }
}

function keyOf({ name, file, line }: { name: string; file: string; line: number }): string {
  return `${name}\0${file}\0${line}`
}
