import { sealOf } from '../seal.ts'
import { type Fields, literalBlock } from './blocks.ts'
import { type Dice, diceFor } from './dice.ts'
import { frameMutations } from './frame-mutations.ts'
import { type FuzzFrame, flag, frameOf, kind, words } from './frames.ts'
import { lyingFrames } from './lying-frames.ts'

/** How a backend responds to the request of a case. The same seed and number always give the same response. */
export interface BackendScript {
  readonly frames: readonly FuzzFrame[]
  /** The names of its mutations; empty: the response is valid. */
  readonly applied: readonly string[]
  /** What happens to the connection behind the frames. */
  readonly ending: 'stays' | 'closes' | 'closes later'
  readonly body: string
}

/** The mark of a response. */
export function sealOfCase(number: number): string {
  return sealOf('case', String(number), 'response')
}

/** The target of the request of a case. */
export function targetOfCase(number: number): string {
  return `/case/${number}`
}

/** The number of the case with this target; undefined: of none. */
export function caseOfTarget(target: string): number | undefined {
  const digits = /^\/case\/(\d+)$/.exec(target)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The response to the case with this number, on a stream. */
export function backendScript(seed: number, number: number, stream: number): BackendScript {
  const dice = diceFor(seed ^ 0x5bd1, number)
  const body = `${sealOfCase(number)} `.repeat(dice.of([0, 1, 20, 2000]))
  const frames = validResponse(dice, { number, stream, body })
  const applied: string[] = []
  const names = [...Object.keys(frameMutations), ...Object.keys(lyingFrames)]
  while (dice.chance(applied.length === 0 ? 0.3 : 0.25)) {
    const name = dice.of(names)
    // A frame on another stream would be the response of another request.
    if (name === 'stream') continue
    applied.push(name)
    const at = dice.below(frames.length + 1)
    const mutation = frameMutations[name]
    if (mutation !== undefined) mutation(frames, Math.min(at, frames.length - 1), dice)
    else frames.splice(at, 0, ...(lyingFrames[name]?.(stream, dice) ?? []))
    if (frames.length === 0) break
  }
  const later = applied.length > 0 && dice.chance(0.7)
  const ending = later ? dice.of(['closes', 'closes later', 'closes later'] as const) : 'stays'
  return { frames, applied, body, ending: applied.length === 0 ? 'stays' : ending }
}

function validResponse(
  dice: Dice,
  { number, stream, body }: { readonly number: number; readonly stream: number; body: string },
): FuzzFrame[] {
  const frames: FuzzFrame[] = []
  const bytes = Buffer.from(body, 'latin1')
  const trailers = bytes.length > 0 && dice.chance(0.2)
  const head = (fields: Fields, flags: number) =>
    frames.push(frameOf(kind.headers, flags | flag.endHeaders, stream, literalBlock(fields)))
  if (dice.chance(0.2)) head([[':status', '103']], 0)
  const fields: [string, string][] = [
    [':status', '200'],
    ['x-seal', sealOfCase(number)],
  ]
  if (dice.chance(0.6)) fields.push(['content-length', String(bytes.length)])
  if (dice.chance(0.2)) fields.push(['x-long', 'v'.repeat(dice.below(3000))])
  head(fields, bytes.length === 0 ? flag.endStream : 0)
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + dice.below(16_000))
    const last = end === bytes.length && !trailers
    frames.push(frameOf(kind.data, last ? flag.endStream : 0, stream, bytes.subarray(at, end)))
    at = end
  }
  if (trailers) head([['x-sum', '1']], flag.endStream)
  if (dice.chance(0.1)) frames.push(frameOf(kind.rstStream, 0, stream, words(0)))
  return frames
}
