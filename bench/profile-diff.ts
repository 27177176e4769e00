import { parseArgs } from 'node:util'
import { seeded } from '../src/kit/random.ts'
import { rounded } from '../src/kit/units.ts'
import { diffFrames } from '../src/profile/diff/diff-frames.ts'
import type { FrameCosts } from '../src/profile/diff/frame-costs.ts'
import type { FrameDifference } from '../src/profile/diff/frame-differences.ts'
import type { FramePair } from '../src/profile/diff/frame-pair.ts'
import { roundsFor } from './profile-diff/planted-work.ts'
import { type ProfiledBlock, profiledArms } from './profile-diff/profiled-arms.ts'
import { machine, share } from './support/figures-text.ts'
import { watchOtherPrograms } from './support/other-programs.ts'

/*
 * npm run bench:profile-diff: how often the diff of two profiles is right on this host. Takes profiles of two arms in blocks, of which
 * one does 2 µs more at each pick, each trial in a process of its own as `lb profile` does. Each block is used twice: its two trials
 * are a pair of an experiment with a planted function, --pairs blocks to an experiment; and each of them is half of a pair of an
 * experiment in which nothing differs, the other half of which is the trial of the same arm in the next block, in random order. No
 * two experiments of one kind share a trial. Prints a line per experiment and a summary. Takes up to 12 minutes; --runs 5 a quarter
 * of that.
 */

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '12' },
    pairs: { type: 'string', default: '6' },
    duration: { type: 'string', default: '1.5' },
    warmup: { type: 'string', default: '0.3' },
    micros: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
  },
})
const runs = Number(options.runs)
const size = Number(options.pairs)
const endMs = performance.now() + Number(options.minutes) * 60_000

/** The frame that the preload adds. */
const plantedName = 'plantedWork'

const print = (line: string) => process.stdout.write(`${line}\n`)
const isColoured = ({ outcome }: FrameDifference) => outcome === 'better' || outcome === 'worse'
const diffOf = (pairs: readonly FramePair[]) => diffFrames(pairs, { scaled: true }).frames

/** Groups of `size`, without a rest that is smaller. */
function grouped<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.floor(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

// Before any other process runs. The processes of lb inherit both.
process.env.LB_PLANTED_ROUNDS = `${roundsFor(Number(options.micros))}`
const preload = new URL('./profile-diff/plant-preload.ts', import.meta.url)
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${preload.href}`
await import(preload.href)

const others = watchOtherPrograms()
const blocks: ProfiledBlock[] = []
let [experiments, found] = [0, 0]
{
  await using arms = await profiledArms()
  for (let seed = Number(options.seed); experiments < runs && performance.now() < endMs; seed++) {
    const algorithms = ['round-robin', 'round-robin-planted'] as const
    const lengths = { duration: Number(options.duration), warmup: Number(options.warmup) }
    const begunMs = performance.now()
    blocks.push(...(await arms.take({ algorithms, blocks: size, seed, ...lengths })))
    const seconds = Math.round((performance.now() - begunMs) / 1000)
    for (const group of grouped(blocks).slice(experiments, runs)) {
      const frames = diffOf(group.map(([base, head]) => ({ base, head })))
      const planted = frames.find(({ frame }) => frame.name === plantedName)
      if (planted?.outcome === 'worse') found++
      experiments++
      const { center, low, high } = planted?.self ?? { center: 0, low: 0, high: 0 }
      print(
        `planted ${experiments}: ${planted?.outcome ?? 'no sample'}, ${rounded(center)} µs (${rounded(low)} to ${rounded(high)}), p ${rounded(planted?.p ?? 1)}, ${frames.filter(isColoured).length} of ${frames.length} coloured, ${seconds} s`,
      )
    }
  }
}

const random = seeded(Number(options.seed))
/** Trials of one arm, each with the next one. */
const pairsOf = (trials: readonly FrameCosts[]): FramePair[] =>
  Array.from({ length: Math.floor(trials.length / 2) }, (_, i) => {
    const [one, other] = [trials[2 * i] as FrameCosts, trials[2 * i + 1] as FrameCosts]
    return random() < 0.5 ? { base: one, head: other } : { base: other, head: one }
  })
const same = [0, 1].flatMap((arm) =>
  grouped(pairsOf(blocks.map((block) => block[arm] as FrameCosts))),
)
let [coloured, tested, without] = [0, 0, 0]
for (const [i, pairs] of same.entries()) {
  const frames = diffOf(pairs)
  const wrong = frames.filter(isColoured)
  coloured += wrong.length
  tested += frames.length
  if (wrong.length === 0) without++
  const names = wrong.map(({ frame }) => frame.name).join(', ')
  print(`A/A ${i + 1}: ${wrong.length} of ${frames.length} coloured${names && ` (${names})`}`)
}
print(`\nOn ${machine()}. ${others()}`)
print(
  `A/A: ${coloured} of ${tested} frames coloured (${rounded((100 * coloured) / tested)} %), none in ${share(without, same.length)} experiments of ${size} pairs`,
)
print(
  `planted ${options.micros} µs per request: found in ${share(found, experiments)} experiments of ${size} pairs`,
)
