import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seeded } from '../src/kit/random.ts'
import { percent } from '../src/kit/units.ts'
import { median } from '../src/stats/estimates/quantile.ts'
import { pairsToFind } from '../src/stats/tests/findable-effect.ts'
import { minMargin } from '../src/stats/tests/noise-floor.ts'
import { type AbRun, abRuns } from './support/ab-runs.ts'
import { writeBetweenMarks } from './support/between-marks.ts'
import { compareStoredRuns, type Try } from './support/compare-stored-runs.ts'
import { machine, ratioText, share } from './support/figures-text.ts'
import { watchOtherPrograms } from './support/other-programs.ts'

/*
 * npm run bench:gate: how often the gate is right on this host. Prints a line per try and a summary, which is written into
 * docs/explanation/method.md and docs/guide/gates-in-ci.md: how many full comparisons by pairs find a balancer that burns 5 % more CPU per
 * request, and the outcome of `lb compare` for stored results of one commit and for one of a build that is slowed by
 * 10 %. Takes up to 45 minutes; --comparisons 0 or --tries 0 leaves one of the two out.
 */

const { values: options } = parseArgs({
  options: {
    comparisons: { type: 'string', default: '20' },
    tries: { type: 'string', default: '20' },
    'comparison-minutes': { type: 'string', default: '20' },
    'try-minutes': { type: 'string', default: '25' },
    pairs: { type: 'string', default: '10' },
    trials: { type: 'string', default: '14' },
    warmup: { type: 'string', default: '1s' },
    duration: { type: 'string', default: '1s' },
    /** Arrivals per second: CPU per request is then measured at this rate instead of at saturation. */
    rate: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})

const [abShare, tryShare] = [0.05, 0.1]
const rule = 'cpu>+3%'
const root = join(import.meta.dirname, '..')
const folder = await mkdtemp(join(tmpdir(), 'lb-gate-'))
const phase = options.rate === undefined ? ['capacity'] : ['latency', '--rate', options.rate]
const scenario = join(folder, 'gate.yaml')
const length = ['--scenario', scenario, '--phase', ...phase, '--duration', options.duration]
const load = options.rate === undefined ? 'at saturation' : `at ${options.rate} requests per second`
const endsIn = (minutes: string) => performance.now() + Number(minutes) * 60_000

function abRunsText(seen: readonly AbRun[], others: string): string {
  const found = seen.filter((one) => one.found).length
  const spread = Math.sqrt(seen.reduce((sum, one) => sum + one.spread ** 2, 0) / seen.length)
  const ratios = seen.map(({ ratio }) => ratio.center)
  const widths = seen.map(({ ratio }) => Math.sqrt(ratio.high / ratio.low) - 1)
  const [often, surely] = [0.9, 0.95].map((power) =>
    pairsToFind(abShare, { spread, margin: minMargin, power }),
  )
  return `
Made by \`npm run bench:gate\` on ${machine()}. ${others}

A balancer that burns ${percent(abShare)} more CPU per request, against itself without that, in full comparisons of ${options.pairs} pairs
${load}, with trials of ${options.duration} after ${options.warmup} of warm-up: **found in ${share(found, seen.length)}**; each took ${Math.round(median(seen.map(({ seconds }) => seconds)))} s (median).
δ is 3 %. The ratio of CPU per request was ${ratioText({ center: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) })} (median, minimum and maximum of the comparisons), the half-width of its
interval ${percent(median(widths))} (median). The log-ratios of the pairs have a standard deviation of ${percent(spread)}: such pairs find such a change
9 times in 10 with ${often} of them, and 19 times in 20 with ${surely}.
`
}

function tryText(seen: readonly Try[], others: string): string {
  // An inconclusive gate found no regression either; without a ratio nothing was compared.
  const passed = seen.filter(
    ({ same }) => [0, 96].includes(same.code) && same.ratio !== undefined,
  ).length
  const caught = seen.filter(({ slowed }) => slowed.code === 98).length
  const row = ({ same, slowed, seconds }: Try, i: number) => {
    const [a, b] = [same, slowed].map(
      ({ code, ratio }) => `${code} | ${ratio ? ratioText(ratio) : 'none'}`,
    )
    return `| ${i + 1} | ${a} | ${b} | ${Math.round(seconds)} s |`
  }
  return `
Made by \`npm run bench:gate\` on ${machine()}. ${others}

Each try measures two results of ${options.trials} trials ${load}, in random order: one by the build that also measured the base, and one by the same build
whose balancer burns ${percent(tryShare)} more CPU per request. \`lb compare --fail-on '${rule}'\` then compares both with the base, which is
the result of the first build in the previous try. **One commit: no regression in ${share(passed, seen.length)}. Slowed by ${percent(tryShare)}: exit 98 in ${share(caught, seen.length)}.**
Ratios are those of CPU per request, with their 95 % interval.

| try | one commit: exit | ratio | slowed: exit | ratio | time |
| --- | --- | --- | --- | --- | --- |
${seen.map(row).join('\n')}
`
}

/** The scenario of `lb ci` with a warm-up of fixed length: an extended one would be half of a trial. */
async function writeScenario(): Promise<void> {
  const shipped = await readFile(join(root, 'scenarios/ci.yaml'), 'utf8')
  const { warmup } = options
  const fixed = shipped.replace(/^warmup: .*$/m, `warmup: { min: ${warmup}, max: ${warmup} }`)
  await writeFile(scenario, fixed)
}

try {
  await writeScenario()
  const common = { root, folder }
  if (Number(options.comparisons) > 0) {
    const others = watchOtherPrograms()
    const trials = ['--trials', options.pairs, ...length]
    const endMs = endsIn(options['comparison-minutes'])
    const runOptions = {
      ...common,
      share: abShare,
      count: Number(options.comparisons),
      trials,
      endMs,
    }
    const text = abRunsText(await abRuns(runOptions), others())
    process.stdout.write(text)
    writeBetweenMarks('explanation/method.md', 'bench:gate', text)
  }
  if (Number(options.tries) > 0) {
    const others = watchOtherPrograms()
    const trials = ['--trials', options.trials, ...length]
    const endMs = endsIn(options['try-minutes'])
    const random = seeded(Number(options.seed))
    const runOptions = { ...common, share: tryShare, count: Number(options.tries), trials, endMs }
    const text = tryText(await compareStoredRuns({ ...runOptions, rule, random }), others())
    process.stdout.write(text)
    writeBetweenMarks('guide/gates-in-ci.md', 'bench:gate', text)
  }
} finally {
  await rm(folder, { recursive: true })
}
