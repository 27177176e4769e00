import type { Dice } from './dice.ts'
import { type FuzzFrame, flag, kind } from './frames.ts'
import { hostileFrames } from './hostile-frames.ts'

/** Frames after mutations, and the names of these. */
export interface Mutated {
  readonly frames: FuzzFrame[]
  readonly applied: string[]
}

type Mutation = (frames: FuzzFrame[], at: number, dice: Dice) => void

function change(frames: FuzzFrame[], at: number, by: (frame: FuzzFrame) => FuzzFrame): void {
  const frame = frames[at]
  if (frame !== undefined) frames[at] = by(frame)
}

/** Mutations of one frame, or of the order of frames. */
export const frameMutations: Readonly<Record<string, Mutation>> = {
  drop: (frames, at) => void frames.splice(at, 1),
  repeat: (frames, at) => void frames.splice(at, 0, ...frames.slice(at, at + 1)),
  move: (frames, at, { below }) =>
    void frames.splice(below(frames.length), 0, ...frames.splice(at, 1)),
  'flip-bit': (frames, at, { below }) =>
    change(frames, at, (frame) => {
      const payload = Buffer.from(frame.payload)
      const index = below(payload.length)
      if (payload.length > 0) payload[index] = (payload[index] as number) ^ (1 << below(8))
      return { ...frame, payload }
    }),
  'cut-payload': (frames, at, { below }) =>
    change(frames, at, (frame) => ({
      ...frame,
      payload: frame.payload.subarray(0, below(frame.payload.length + 1)),
    })),
  length: (frames, at, { of }) =>
    change(frames, at, (frame) => ({
      ...frame,
      length: Math.max(0, frame.payload.length + of([-9, -1, 1, 9, 100_000])),
    })),
  type: (frames, at, { below }) => change(frames, at, (frame) => ({ ...frame, kind: below(11) })),
  flag: (frames, at, { of }) =>
    change(frames, at, (frame) => ({
      ...frame,
      flags: frame.flags ^ of([flag.endStream, flag.endHeaders, flag.padded, flag.priority, 0x40]),
    })),
  stream: (frames, at, { of }) =>
    change(frames, at, (frame) => ({
      ...frame,
      stream: of([
        0,
        1,
        2,
        frame.stream + 2,
        frame.stream - 2,
        0x7fffffff,
        frame.stream | (1 << 31),
      ]),
    })),
}

const names = [...Object.keys(frameMutations), ...Object.keys(hostileFrames)]

/** Applies one to three mutations. */
export function mutate(valid: readonly FuzzFrame[], dice: Dice): Mutated {
  const frames = [...valid]
  const applied: string[] = []
  do {
    const name = dice.of(names)
    applied.push(name)
    const at = dice.below(frames.length + 1)
    const mutation = frameMutations[name]
    if (mutation !== undefined) mutation(frames, Math.min(at, frames.length - 1), dice)
    else frames.splice(at, 0, ...(hostileFrames[name]?.(placeAt(frames, at), dice) ?? []))
  } while (dice.chance(0.3) && frames.length > 0)
  return { frames, applied }
}

function placeAt(frames: readonly FuzzFrame[], at: number) {
  const opened = frames
    .slice(0, at)
    .filter(({ kind: type }) => type === kind.headers)
    .map(({ stream }) => stream)
  const last = Math.max(0, ...opened) & 0x7fffffff
  return { used: opened.at(-1) ?? 1, next: last === 0 ? 1 : (last | 1) + 2 }
}
