import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rounded } from '../src/kit/units.ts'
import type { ProfileSummary } from '../src/result/schemas/profile.ts'
import { machine, share } from './support/figures-text.ts'
import { watchOtherPrograms } from './support/other-programs.ts'
import { runLb } from './support/run-lb.ts'

/*
 * npm run bench:profile-diff: how often the diff of two profiles is right on this host. Runs `lb profile` with two arms that are the
 * same, and with two of which the head works 2 µs more at each pick, in turns; and once for the overhead. Prints a line per run
 * and a summary. Takes up to 25 minutes; --runs 5 a quarter of that.
 */

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '22' },
    trials: { type: 'string', default: '8' },
    duration: { type: 'string', default: '1s' },
    warmup: { type: 'string', default: '300ms' },
    micros: { type: 'string', default: '2' },
    'overhead-trials': { type: 'string', default: '16' },
  },
})

const root = join(import.meta.dirname, '..')
const endMs = performance.now() + Number(options.minutes) * 60_000
const environment = {
  NODE_OPTIONS: `--import=${new URL('./profile-diff/plant-preload.ts', import.meta.url).href}`,
  LB_PLANTED_MICROS: options.micros,
}
const length = ['--duration', options.duration, '--warmup', options.warmup]

/** The frame that the preload adds. */
const plantedName = 'plantedWork'

async function profiled(...flags: readonly string[]): Promise<ProfileSummary> {
  const common = ['--json', '--no-keep', '--progress', 'none']
  const { code, stdout, stderr } = await runLb(root, ['profile', ...common, ...flags], environment)
  if (code !== 0) throw new Error(`lb profile ended with ${code}: ${stderr}${stdout.slice(0, 500)}`)
  return (JSON.parse(stdout) as ProfileSummary[])[0] as ProfileSummary
}

function diffOf(head: string): Promise<ProfileSummary> {
  const sides = ['--base-config', '{}', '--head-config', JSON.stringify({ algorithm: head })]
  return profiled(...sides, '--trials', options.trials, '--no-overhead', ...length)
}

const isColoured = ({ outcome }: { readonly outcome: string }) =>
  outcome === 'better' || outcome === 'worse'

const others = watchOtherPrograms()
const print = (line: string) => process.stdout.write(`${line}\n`)
let [coloured, tested, runsWithout, found, done] = [0, 0, 0, 0, 0]
for (; done < Number(options.runs) && performance.now() < endMs; done++) {
  const same = (await diffOf('round-robin')).diff
  const wrong = (same?.frames ?? []).filter(isColoured)
  coloured += wrong.length
  tested += same?.tested ?? 0
  if (wrong.length === 0) runsWithout++
  const planted = (await diffOf('round-robin-planted')).diff
  const frame = planted?.frames.find((one) => one.frame.name === plantedName)
  if (frame?.outcome === 'worse') found++
  const { center, low, high } = frame?.self ?? { center: 0, low: 0, high: 0 }
  const names = wrong.map(({ frame: { name } }) => name).join(', ')
  print(
    `run ${done + 1}: A/A ${wrong.length} of ${same?.tested} coloured${names && ` (${names})`}; planted ${options.micros} µs: ${frame?.outcome ?? 'no sample'}, ${rounded(center)} µs (${rounded(low)} to ${rounded(high)}), ${planted?.frames.filter(isColoured).length} coloured in all`,
  )
}
print(`\nOn ${machine()}. ${others()}`)
print(
  `A/A: ${coloured} of ${tested} frames coloured (${rounded((100 * coloured) / tested)} %), none in ${share(runsWithout, done)} runs`,
)
print(`planted ${options.micros} µs per request: found in ${share(found, done)} runs`)
const [arm] = (await profiled('--trials', options['overhead-trials'])).arms
const ratio = arm?.overhead?.ratio
if (ratio !== undefined) {
  print(
    `overhead of a CPU profile, ${ratio.n} pairs: CPU per request × ${rounded(ratio.center)} (${rounded(ratio.low)} to ${rounded(ratio.high)}), ${arm?.overhead?.outcome}`,
  )
}
