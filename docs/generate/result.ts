import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { documentVersion, resultDocument } from '../../src/result/document.ts'
import { finding } from '../../src/result/schemas/finding.ts'
import { measurement } from '../../src/result/schemas/measurement.ts'
import { summary } from '../../src/result/schemas/summary.ts'
import { fieldRows } from './schema-rows.ts'
import { markdownTable } from './table.ts'

/** docs/reference/result.md: where things are in a result document. */
export async function resultReference(): Promise<string> {
  return `# Result document

\`npx lb bench -o result.json\` writes one, and \`.lb/last.json\` is that of the last run: a JSON object with all that was measured, from which
\`npx lb report\` makes every other format. This page says where things are; [result.schema.json](result.schema.json) is the
complete JSON Schema. The version is ${documentVersion}: \`lb\` reads documents of older versions, and refuses newer ones.

Units are those without a prefix: seconds, bytes, requests per second, fractions of 1. Latency histograms hold whole microseconds, in
the compressed encoding of HdrHistogram. Times are in UTC (ISO 8601). Reasons are \`{ code, values }\`;
[reasons.md](reasons.md) has every code.

\`\`\`sh
# Throughput of each arm, with its interval
jq -r '.findings[] | select(.phase == "capacity") | [.arm, .metrics.throughput.center, .metrics.throughput.low, .metrics.throughput.high] | @tsv' result.json
# Comparisons that were decided
jq -r '.comparisons[] | select(.outcome == "better" or .outcome == "worse") | [.arm, .base, .metric, .ratio.center, .outcome] | @tsv' result.json
\`\`\`

${await table(resultDocument, 'document', contents)}

## A finding

The estimates of an arm in one phase.

${await table(finding, 'schemas/finding', ofFindings)}

## An estimate

${await table(summary, 'schemas/summary', ofEstimates)}

## A trial

${await table(measurement, 'schemas/measurement', ofTrials)}
`
}

/** The fields of an object of a schema; their meanings are the comments in its module, or those given. */
async function table(
  schema: Parameters<typeof fieldRows>[0],
  module: string,
  meanings: Readonly<Record<string, string>>,
): Promise<string> {
  const file = join(import.meta.dirname, `../../src/result/${module}.ts`)
  const text =
    (await readFile(file, 'utf8')).split(/^export const \w+ = z\.strictObject/m).at(-1) ?? ''
  const comment = (name: string) =>
    new RegExp(`\\/\\*\\*((?:(?!\\*\\/)[^])*)\\*\\/\\n  ${name}:`)
      .exec(text)?.[1]
      ?.replaceAll(/\s*\n\s*\*?\s*/g, ' ')
      .trim()
  const rows = fieldRows(schema).filter(({ path }) => /^\w+$/.test(path))
  return markdownTable(
    ['field', 'type', 'meaning'],
    rows.map(({ path, type }) => [
      `\`${path}\``,
      typeName(type),
      comment(path) ?? meanings[path] ?? '–',
    ]),
  )
}

/** A reason is a union, for which the rows have no name. */
function typeName(type: string): string {
  if (type.startsWith('list: {')) return 'list of objects'
  return type.startsWith('{') ? 'object' : type.replace('undefined', 'reason')
}

/** Contents of the fields of a document that have no comment. */
const contents: Readonly<Record<string, string>> = {
  format: 'Always `lb-result`.',
  version: 'Version of this schema.',
  lb: 'Version of `lb` that measured.',
  createdAt: 'Start of the run.',
  host: 'CPUs, memory, operating system and versions of the machine.',
  plan: 'Everything that was to be measured: arms, backends, request, load, phases, trials, seed.',
  trials: 'Every trial, valid or not, with its window, latency histogram, costs and verdict.',
  phaseEndings: 'How each phase ended, and the rate of the latency phase.',
  findings: 'One for each arm and phase: the estimates over its valid trials.',
  comparisons: 'Ratios between arms, or with another run, with interval and outcome.',
  curves: 'Throughput over numbers of cores, with speed-up, fitted law and projection.',
  gates: 'Each gate and its state.',
  warnings: 'Reasons to doubt the run as one; those of an arm are in its findings and trials.',
}

const ofFindings = {
  arm: 'Name of the arm.',
  phase: 'Phase of the trials.',
  bottleneck: 'The most frequent bottleneck of its trials.',
  reason: 'The reason of the first trial with that bottleneck.',
  notes: 'Reasons to doubt it.',
}

const ofEstimates = {
  center: 'The estimate.',
  low: 'Lower end of its interval.',
  high: 'Upper end of its interval.',
  confidence: 'Level of the interval; of a range it means nothing.',
  warnings: 'Reasons to doubt it.',
}

const ofTrials = {
  trial: 'Block, arm, phase and seed.',
  startedAt: 'Start of the trial.',
  windowSeconds: 'Length of the measured window.',
  warmupSeconds: 'Length of the load before it.',
  total: 'Requests from the first to the last.',
  lateness: 'Open loop: time from the scheduled time of a request to its sending.',
  rate: 'Open loop: arrivals per second.',
  processes: 'CPU time, memory and context switches of the target, the driver and the backends.',
  host: 'CPU time that other programs, the hypervisor and quotas took in the window.',
  verdict: 'Bottleneck, whether the trial is valid, and the reasons.',
}
