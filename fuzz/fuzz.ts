import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Finding, fuzz, type Tally } from './campaign.ts'

/*
 * npm run fuzz -- --seconds 300 --seed 1: malformed requests against the compiled balancer with two workers, in
 * front of a strict backend. Exits with code 1 at the first finding, which `--only NUMBER` replays.
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

/** Cases until the time is over, or the one of --only. */
function* batches(): Iterable<number[]> {
  if (values.only !== undefined) yield [Number(values.only)]
  else {
    const size = Number(values.batch)
    for (let n = 0; seconds() < Number(values.seconds); n += size)
      yield Array.from({ length: size }, (_, i) => n + i)
  }
}

/** Maximum number of bytes of a case that are printed; seed and number reproduce all of it. */
const maxPrinted = 1000

function findingText({ one, fault }: Finding): string {
  if (one === undefined) return `FOUND ${fault}\n`
  const { number, raw, cuts, ending, applied } = one
  const bytes = JSON.stringify(
    raw.length > maxPrinted ? `${raw.slice(0, maxPrinted)}…` : raw,
  ).replace(/[\x7f-\xff]/g, (byte) => `\\u00${byte.charCodeAt(0).toString(16)}`)
  return (
    `FOUND ${fault}\n  seed ${seed}, case ${number}: npm run fuzz -- --seed ${seed} --only ${number}\n` +
    `  ${applied.join(', ') || 'unchanged'}; in pieces at ${cuts.length > 20 ? 'every byte' : `[${cuts.join(', ')}]`}; then ${ending}\n` +
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
let reportedAt = 0
const tally = await fuzz({
  seed,
  file: fileURLToPath(new URL('../dist/src/balancer/main.js', import.meta.url)),
  log: join(scratch, 'balancer.log'),
  batches: batches(),
  onBatch({ cases, resident }) {
    if (seconds() < reportedAt + 10) return
    reportedAt = seconds()
    process.stderr.write(
      `${seconds().toFixed(0)} s: ${cases} cases, ${((resident.at(-1) ?? 0) / 2 ** 20).toFixed(0)} MiB\n`,
    )
  },
})
rmSync(scratch, { recursive: true })
for (const finding of tally.findings.slice(0, 20)) process.stdout.write(findingText(finding))
process.stdout.write(summary(tally))
if (tally.findings.length > 0) process.exitCode = 1
