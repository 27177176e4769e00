import { addressOfCase, type Dice, diceFor } from './dice.ts'
import { mutate } from './frame-mutations.ts'
import {
  type FuzzFrame,
  frameBytes,
  frameOf,
  kind,
  preface,
  settingsFrame,
  words,
} from './frames.ts'
import { validStreams } from './valid-streams.ts'

/** The bytes that one client sends. The same seed and number always give the same case. */
export interface ClientCase {
  readonly number: number
  readonly address: string
  readonly bytes: Buffer
  /** Positions at which `bytes` is cut into pieces that are sent one after the other. */
  readonly cuts: readonly number[]
  readonly ending: 'wait' | 'half-close' | 'close' | 'reset'
  /** The client reopens the windows as it reads. */
  readonly replenishes: boolean
  /** The names of its mutations. */
  readonly applied: readonly string[]
  /** All requests are valid, and the client waits for their responses and takes them. */
  readonly valid: boolean
}

/** The case with this number. */
export function clientCase(seed: number, number: number): ClientCase {
  const dice = diceFor(seed, number)
  const windows = dice.of(['wide', 'wide', 'default', 'narrow'] as const)
  const streams = validStreams(dice, number)
  const { frames, applied } = dice.chance(0.35)
    ? { frames: streams, applied: [] }
    : mutate(streams, dice)
  const ending = dice.of(['wait', 'wait', 'wait', 'wait', 'half-close', 'close', 'reset'] as const)
  const all = Buffer.concat([
    preface,
    ...[...openingFrames(windows, dice), ...frames].map(frameBytes),
  ])
  const truncated = applied.length > 0 && dice.chance(0.1)
  const bytes = truncated ? all.subarray(0, dice.below(all.length)) : all
  return {
    number,
    address: addressOfCase(number),
    bytes,
    cuts: cutsOf(bytes.length, dice),
    ending,
    replenishes: windows !== 'narrow',
    applied: [windows, ...applied, ...(truncated ? ['truncate'] : [])],
    valid: applied.length === 0 && windows !== 'narrow' && ending === 'wait',
  }
}

function openingFrames(windows: 'wide' | 'default' | 'narrow', dice: Dice): FuzzFrame[] {
  if (windows === 'default') return [settingsFrame([])]
  if (windows === 'narrow') return [settingsFrame([[4, dice.of([0, 1, 100, 5000])]])]
  const settings = settingsFrame([
    [4, 1 << 20],
    [1, dice.of([0, 100, 4096, 65_536])],
    [3, 100],
  ])
  return [settings, frameOf(kind.windowUpdate, 0, 0, words(1 << 24))]
}

function cutsOf(length: number, { below }: Dice): number[] {
  const way = below(4)
  if (way < 2 || length < 2) return []
  if (way === 3 && length < 1000) return Array.from({ length: length - 1 }, (_, at) => at + 1)
  const cuts = Array.from({ length: 1 + below(4) }, () => 1 + below(length - 1))
  return [...new Set(cuts)].sort((a, b) => a - b)
}
