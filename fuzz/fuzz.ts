import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Finding, fuzz, type Tally } from './campaign.ts'

/*
 * npm run fuzz -- --seconds 300 --seed 1: spoilt requests against the compiled balancer with two workers, in
 * front of a strict backend. Ends with exit code 1 at the first finding, which `--only NUMBER` plays again.
 */

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    batch: { type: 'string', default: '200' },
  },
})
const seed = Number(values.seed)
const started = performance.now()
const seconds = () => (performance.now() - started) / 1000

/** Cases until the time is over, or the one that was asked for. */
function* batches(): Iterable<number[]> {
  if (values.only !== undefined) yield [Number(values.only)]
  else {
    const size = Number(values.batch)
    for (let n = 0; seconds() < Number(values.seconds); n += size)
      yield Array.from({ length: size }, (_, i) => n + i)
  }
}

/** Bytes of a case that are printed; all of it is made again from its seed and number. */
const shown = 1000

function tell({ one, fault }: Finding): string {
  if (one === undefined) return `FOUND ${fault}\n`
  const { number, raw, cuts, ending, story } = one
  const bytes = JSON.stringify(raw.length > shown ? `${raw.slice(0, shown)}…` : raw).replace(
    /[\x7f-\xff]/g,
    (byte) => `\\u00${byte.charCodeAt(0).toString(16)}`,
  )
  return (
    `FOUND ${fault}\n  seed ${seed}, case ${number}: npm run fuzz -- --seed ${seed} --only ${number}\n` +
    `  ${story.join(', ') || 'as it is'}; in pieces at ${cuts.length > 20 ? 'every byte' : `[${cuts.join(', ')}]`}; then ${ending}\n` +
    `  ${bytes}\n`
  )
}

function summary({ cases, reached, statuses, hangs, sockets, resident, findings }: Tally): string {
  const mebibytes = (bytes = 0) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
  const fifth = resident[Math.floor(resident.length / 5)]
  return (
    `${cases} cases in ${seconds().toFixed(0)} s (seed ${seed}): ${reached} requests reached the backend; ` +
    `responses by status (0: none) ${JSON.stringify(statuses)}; ${hangs} hangs; ` +
    `sockets ${sockets[0]} before and ${sockets[1]} after; memory ${mebibytes(fifth)} after a fifth and ` +
    `${mebibytes(resident.at(-1))} at the end; ${findings.length} findings\n`
  )
}

const scratch = mkdtempSync(join(tmpdir(), 'lb-fuzz-'))
let told = 0
const tally = await fuzz({
  seed,
  file: fileURLToPath(new URL('../dist/src/balancer/main.js', import.meta.url)),
  log: join(scratch, 'balancer.log'),
  batches: batches(),
  onBatch({ cases, resident }) {
    if (seconds() < told + 10) return
    told = seconds()
    process.stderr.write(
      `${seconds().toFixed(0)} s: ${cases} cases, ${((resident.at(-1) ?? 0) / 2 ** 20).toFixed(0)} MiB\n`,
    )
  },
})
rmSync(scratch, { recursive: true })
for (const finding of tally.findings.slice(0, 20)) process.stdout.write(tell(finding))
process.stdout.write(summary(tally))
if (tally.findings.length > 0) process.exitCode = 1
