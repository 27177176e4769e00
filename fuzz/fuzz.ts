import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fuzz, type Tally } from './campaign.ts'
import type { Finding, Fuzzer } from './fuzzer.ts'
import { http1Fuzzer } from './http1/fuzzer.ts'
import { http2BackendsFuzzer } from './http2/backends-fuzzer.ts'
import { http2ClientsFuzzer } from './http2/clients-fuzzer.ts'

/*
 * npm run fuzz -- --protocol http1 --seconds 300 --seed 1: malformed input to the compiled balancer with two
 * workers, from clients or from backends. Exits with code 1 at the first finding, which `--only NUMBER` replays.
 */

/** What is fuzzed, by the name in `--protocol`. */
const fuzzers: Readonly<Record<string, () => Promise<Fuzzer>>> = {
  http1: http1Fuzzer,
  'http2-clients': http2ClientsFuzzer,
  'http2-backends': http2BackendsFuzzer,
}

const { values } = parseArgs({
  options: {
    protocol: { type: 'string', default: 'http1' },
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    batch: { type: 'string', default: '200' },
  },
})
const { protocol } = values
const start = fuzzers[protocol]
if (start === undefined) {
  process.stderr.write(
    `fuzz: --protocol: ${protocol} is none of ${Object.keys(fuzzers).join(', ')}\n`,
  )
  process.exit(2)
}
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

/** The findings, those of one case together. */
function findingsText(findings: readonly Finding[]): string {
  const numbers = new Set(findings.map(({ number }) => number))
  return [...numbers]
    .slice(0, maxCases)
    .map((number) => caseText(findings.filter((one) => one.number === number)))
    .join('')
}

const maxCases = 20

function caseText(findings: readonly Finding[]): string {
  const faults = findings.map(({ fault }) => `FOUND ${fault}\n`).join('')
  const { number, description = '' } = findings[0] as Finding
  if (number === undefined) return faults
  const replay = `npm run fuzz -- --protocol ${protocol} --seed ${seed} --only ${number}`
  return `${faults}  seed ${seed}, case ${number}: ${replay}\n  ${description}\n`
}

function summary({ cases, reached, statuses, hangs, sockets, resident, findings }: Tally): string {
  const mebibytes = (bytes = 0) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
  const fifth = resident[Math.floor(resident.length / 5)]
  return (
    `${cases} cases of ${protocol} in ${seconds().toFixed(0)} s (seed ${seed}): ${reached} requests reached a backend; ` +
    `responses by status (0: none) ${JSON.stringify(statuses)}; ${hangs} hangs; ` +
    `sockets ${sockets[0]} before and ${sockets[1]} after; memory ${mebibytes(fifth)} after a fifth and ` +
    `${mebibytes(resident.at(-1))} at the end; ${findings.length} findings\n`
  )
}

const scratch = mkdtempSync(join(tmpdir(), 'lb-fuzz-'))
let reportedAt = 0
await using fuzzer = await start()
const tally = await fuzz({
  seed,
  fuzzer,
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
process.stdout.write(findingsText(tally.findings))
process.stdout.write(summary(tally))
if (tally.findings.length > 0) process.exitCode = 1
