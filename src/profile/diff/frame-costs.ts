import type { Frame, Profile, ProfileSample } from '../profile.ts'
import { portableFile } from './portable-file.ts'

/** The cost of one frame in one trial, per request: µs of CPU, or bytes. */
interface FrameCost {
  readonly frame: Frame
  /** In the function itself. */
  readonly self: number
  /** In the function and all that it calls; a recursive call counts once. */
  readonly total: number
}

/** The frames of one trial by their keys, and the cost of all of them. */
export interface FrameCosts {
  readonly frames: ReadonlyMap<string, FrameCost>
  /** Sum of the costs themselves, per request. */
  readonly perRequest: number
}

/** A frame is the same in two profiles if name, file and line are: identifiers of scripts differ from process to process. */
function frameKey({ name, file, line }: Frame): string {
  return `${name}\0${file}\0${line}`
}

/** What V8 calls the time in which a thread waits: it is no CPU time, and belongs to no frame. */
const idle = '(idle)'

/** Functions of Node and packages of Go by which a process profiles itself. */
const profiler = /^st(?:art|op)(?:Cpu|Heap)Profile$|^(?:runtime|net\/http)\/pprof\./

/**
 * The samples of the program itself under its load: without those of a thread that waited, and of the profiler, whose cost is
 * the overhead of profiling.
 */
export function busySamples({ frames, samples }: Profile): ProfileSample[] {
  const isLeftOut = frames.map(({ name }) => name === idle || profiler.test(name))
  return samples.filter(({ stack }) => stack.length > 0 && !stack.some((index) => isLeftOut[index]))
}

/**
 * The cost of each frame of a profile, divided by the requests during it. The time that V8 reports as `(program)`, native
 * code without a JavaScript function, stays a frame of its own, as `(garbage collector)` does; `(idle)` and the profiler are left out.
 *
 * @throws {RangeError} there was no request
 */
export function frameCosts(profile: Profile, requests: number): FrameCosts {
  if (!(requests > 0)) throw new RangeError('a cost per request needs requests')
  const frames = new Map<string, { frame: Frame; self: number; total: number }>()
  const named = profile.frames.map((frame) => ({ ...frame, file: portableFile(frame.file) }))
  const keys = named.map(frameKey)
  const entryOf = (index: number) => {
    const key = keys[index] as string
    const found = frames.get(key) ?? { frame: named[index] as Frame, self: 0, total: 0 }
    frames.set(key, found)
    return found
  }
  let sum = 0
  for (const { stack, value } of busySamples(profile)) {
    const cost = value / requests
    sum += cost
    entryOf(stack.at(-1) as number).self += cost
    for (const entry of new Set(stack.map(entryOf))) entry.total += cost
  }
  return { frames, perRequest: sum }
}
