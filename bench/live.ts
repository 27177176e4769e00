import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { seeded } from '../src/kit/random.ts'
import type { ResultDocument } from '../src/result/document.ts'
import { compare, type Pair } from '../src/stats/tests/comparison.ts'
import { minMargin } from '../src/stats/tests/noise-floor.ts'
import { startBrowser } from '../test/support/processes/chromium.ts'
import { writeBetweenMarks } from './support/between-marks.ts'
import { machine, ratioText } from './support/figures-text.ts'
import { watchOtherPrograms } from './support/other-programs.ts'

/*
 * npm run bench:live: whether a run that is watched measures the same as one that is not. Each pair is two runs of one arm
 * in random order, one with `--live` and an open page, one without. Prints a line per pair, and writes the comparison into
 * docs/guide/watching.md. --page stream reads the events of the page without drawing them; --page chromium opens it in
 * Chromium, which itself takes CPU time of this machine. 12 pairs take 3 minutes.
 */

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '12' },
    page: { type: 'string', default: 'stream' },
    warmup: { type: 'string', default: '1s' },
    duration: { type: 'string', default: '2s' },
    seed: { type: 'string', default: '1' },
  },
})

const lb = join(import.meta.dirname, '../bin/run.js')
const load = ['--phase', 'capacity', '--no-control', '--algo', 'round-robin', '--trials', '1']
const length = [
  '--driver',
  'autocannon',
  '--warmup',
  options.warmup,
  '--duration',
  options.duration,
]
const quiet = ['--json', '--no-keep', '--progress', 'none']

/** Opens the page at this address; the returned function closes it. */
type Page = (url: string) => Promise<() => Promise<unknown>>

/** Reads the events of a page and draws nothing. */
const stream: Page = async (url) => {
  const asked = get(new URL('/events', url))
  asked.on('error', () => {})
  const [response] = await once(asked, 'response')
  response.on('error', () => {}).resume()
  return async () => asked.destroy()
}

const browser = options.page === 'chromium' ? await startBrowser() : undefined
const chromium: Page = async (url) => {
  const page = await browser?.newPage()
  await page?.goto(url)
  return async () => page?.close()
}

/** Throughput and CPU per request of one run of one arm. */
interface Figures {
  readonly throughput: number
  readonly cpuPerRequest: number
}

/** Times that a run is repeated whose only trial other programs disturbed. */
const maxTries = 5

async function measure(page: Page | undefined, tries = 1): Promise<Figures> {
  const live = page === undefined ? [] : ['--live']
  const child = spawn(process.execPath, [lb, 'bench', ...load, ...length, ...quiet, ...live], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = text(child.stdout as NonNullable<ChildProcess['stdout']>)
  const close = page && (await page(await addressOf(child)))
  child.stderr?.resume()
  await once(child, 'close')
  await close?.()
  const { findings } = JSON.parse(await output) as ResultDocument
  const [finding] = findings
  const { throughput, cpuPerRequest } = finding?.metrics ?? {}
  // The figures of a trial that is not valid are there, too, and say nothing.
  const isValid = finding?.validity === 'valid'
  if (!isValid || throughput === undefined || cpuPerRequest === undefined) {
    if (tries === maxTries) throw new Error('this host is too noisy: no trial is valid')
    return measure(page, tries + 1)
  }
  return { throughput: throughput.center, cpuPerRequest: cpuPerRequest.center }
}

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: stderr as NonNullable<typeof stderr> })) {
    const [url] = /http:\S+/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('lb bench --live printed no address')
}

const others = watchOtherPrograms()
const random = seeded(Number(options.seed))
const measured: { readonly without: Figures; readonly watched: Figures }[] = []
try {
  while (measured.length < Number(options.pairs)) {
    const open = browser === undefined ? stream : chromium
    const isFirst = random() < 0.5
    const first = await measure(isFirst ? open : undefined)
    const second = await measure(isFirst ? undefined : open)
    const [watched, without] = isFirst ? [first, second] : [second, first]
    measured.push({ without, watched })
    process.stdout.write(
      `pair ${measured.length} of ${options.pairs}: watched ÷ not: throughput ${(watched.throughput / without.throughput).toFixed(3)}, CPU per request ${(watched.cpuPerRequest / without.cpuPerRequest).toFixed(3)}\n`,
    )
  }
} finally {
  await browser?.close()
}

const outcome = (metric: keyof Figures, better: 'more' | 'less') => {
  const pairs = measured.map(({ without, watched }): Pair => [without[metric], watched[metric]])
  const { ratio, outcome: found } = compare(pairs, { better, margin: minMargin })
  return `${ratioText(ratio)}, **${found}**`
}
const drawn =
  browser === undefined ? 'a program that reads its events' : 'Chromium on the same host'
const found = `
Made by \`npm run bench:live\` on ${machine()}. ${others()}

${measured.length} pairs of runs of ${options.duration} in random order: with the page open in ${drawn}, and without a page. δ is 3 %. Ratios are
watched ÷ not watched, with their 95 % interval.

| metric | ratio and outcome |
| --- | --- |
| throughput | ${outcome('throughput', 'more')} |
| CPU per request | ${outcome('cpuPerRequest', 'less')} |
`
process.stdout.write(found)
writeBetweenMarks('guide/watching.md', `bench:live ${options.page}`, found)
