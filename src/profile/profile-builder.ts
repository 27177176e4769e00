import { type Frame, type Profile, type ProfileKind, profileUnits } from './profile.ts'

/** Collects the samples of a profile. */
export interface ProfileBuilder {
  /** Adds `value` to the sample of this stack, root first, and worker. A value of 0 adds none. */
  add(stack: readonly Frame[], value: number, worker: string | undefined): void
  /** The profile of all that was added in `seconds`. */
  build(seconds: number): Profile
}

interface Sum {
  readonly stack: readonly number[]
  readonly worker: string | undefined
  value: number
}

/** Frames that are equal become one, and samples of one stack and worker are summed. */
export function profileBuilder(kind: ProfileKind): ProfileBuilder {
  const frames: Frame[] = []
  const numbers = new Map<string, number>()
  const sums = new Map<string, Sum>()

  function numberOf({ name, file, line }: Frame): number {
    const key = `${line}\n${name}\n${file}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, frames.length)
    return frames.push({ name, file, line }) - 1
  }

  return {
    add(stack, value, worker) {
      if (value === 0) return
      const path = stack.map(numberOf)
      const key = `${path.join(' ')}\n${worker ?? ''}`
      const sum = sums.get(key)
      if (sum === undefined) sums.set(key, { stack: path, worker, value })
      else sum.value += value
    },
    build: (seconds) => ({
      kind,
      unit: profileUnits[kind],
      seconds,
      frames: [...frames],
      samples: [...sums.values()].map(({ stack, worker, value }) => ({
        stack,
        value,
        ...(worker !== undefined && { worker }),
      })),
    }),
  }
}
