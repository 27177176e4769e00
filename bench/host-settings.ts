import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine } from '../reports/sections/run-lines.ts'
import { costsOf } from '../src/experiment/findings/metrics-of.ts'
import { seeded, shuffled } from '../src/kit/random.ts'
import { type HostSetting, hostSettings, measureCommand } from '../src/knobs/host-settings.ts'
import type { ResultDocument } from '../src/result/document.ts'
import { readResult } from '../src/result/read.ts'
import { compare, type Pair } from '../src/stats/tests/comparison.ts'
import { adjustFamily } from '../src/stats/tests/family.ts'
import { minMargin } from '../src/stats/tests/noise-floor.ts'
import { writeBetweenMarks } from './support/between-marks.ts'

/*
 * npm run bench:host-settings [-- --blocks 6]: the settings of the host that tuning guides change, each in a network namespace of
 * its own (unshare, ip, sysctl), so that the host is not changed: CPU per request of the reference balancer with connections to backends that
 * are kept, and with one for each request, beside an unchanged namespace in the same randomised blocks. A setting that this user may
 * not change is named. Writes the second table of docs/guide/tuning.md; with --blocks 0 the advice and the commands alone. 6 blocks take
 * 7 minutes. Needs a build.
 */

const { values } = parseArgs({ options: { blocks: { type: 'string', default: '6' } } })
const blocks = Number(values.blocks)

const run = join(import.meta.dirname, '../bin/run.js')
const folder = await mkdtemp(join(tmpdir(), 'lb-host-settings-'))
const file = join(folder, 'result.json')
const tune = [
  ...['tune', '--only', 'pooling', '--phase', 'capacity', '--trials', '1'],
  ...['--output', file, '--force', '--no-keep'],
]
/** The load of each column, by the arm that has it. */
const loads = [
  { arm: 'default', name: 'connections kept' },
  { arm: 'pooling=off', name: 'a connection for each request' },
] as const

/** The result of a run in a namespace with this setting; without one, in an unchanged one. Text: why there is none. */
async function measured(setting: HostSetting | undefined): Promise<ResultDocument | string> {
  const words = [process.execPath, run, ...tune].map((word) => `"${word}"`).join(' ')
  const plain = `unshare --map-root-user --net sh -c 'ip link set lo up && ${words}'`
  const command = setting === undefined ? plain : measureCommand(setting, words)
  const problem = await new Promise<string | undefined>((resolve) => {
    execFile('sh', ['-c', command], (error, _, stderr) => {
      const code = Number(error?.code ?? 0)
      resolve([0, 97].includes(code) ? undefined : (stderr.trim().split('\n').at(-1) ?? ''))
    })
  })
  return problem ?? readResult(file)
}

function costOf({ trials }: ResultDocument, arm: string): number | undefined {
  const found = trials.find(({ trial, verdict }) => trial.arm === arm && verdict.valid)
  return found && costsOf(found).cpuPerRequest
}

const arms = [undefined, ...hostSettings]
/** Of each setting and arm, by block. */
const costs = new Map<string, Map<number, number>>()
const keyOf = (setting: HostSetting | undefined, arm: string) => `${setting?.name ?? ''} ${arm}`
const problems = new Map<HostSetting, string>()
let last: ResultDocument | undefined
const random = seeded(1)
try {
  for (let block = 0; block < blocks; block++) {
    for (const at of shuffled(arms.length, random)) {
      const arm = arms[at]
      if (arm !== undefined && problems.has(arm)) continue
      const result = await measured(arm)
      if (typeof result === 'string') {
        if (arm === undefined) throw new Error(`no run in a namespace of its own: ${result}`)
        problems.set(arm, result)
        continue
      }
      last = result
      for (const load of loads) {
        const cost = costOf(result, load.arm)
        const key = keyOf(arm, load.arm)
        if (cost !== undefined) costs.set(key, (costs.get(key) ?? new Map()).set(block, cost))
      }
    }
    process.stderr.write(`block ${block + 1} of ${blocks}\n`)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

function pairsOf(setting: HostSetting, arm: string): Pair[] {
  const own = costs.get(keyOf(setting, arm))
  return [...(costs.get(keyOf(undefined, arm)) ?? [])].flatMap(([block, base]) => {
    const other = own?.get(block)
    return other === undefined ? [] : [[base, other] as const]
  })
}

/** All comparisons are one family. */
const compared = adjustFamily(
  hostSettings.flatMap((setting) =>
    loads.flatMap(({ arm }) => {
      const pairs = pairsOf(setting, arm)
      if (pairs.length < 2) return []
      return [{ ...compare(pairs, { better: 'less', margin: minMargin }), setting, arm }]
    }),
  ),
)
const answers: Readonly<Record<string, string>> = {
  better: 'helps',
  worse: 'hurts',
  same: 'no difference',
}
const signed = (ratio: number) =>
  `${ratio >= 1 ? '+' : '−'}${Math.abs(100 * (ratio - 1)).toFixed(1)} %`

function figureOf(setting: HostSetting, arm: string): string {
  const found = compared.find((one) => one.setting === setting && one.arm === arm)
  if (last === undefined) return '–'
  if (found === undefined) return `not measured: ${problems.get(setting) ?? 'no valid trial'}`
  const { ratio, outcome } = found
  return `${answers[outcome] ?? outcome}, ${signed(ratio.center)} (${signed(ratio.low)} … ${signed(ratio.high)})`
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const head = [
  'advice',
  'source',
  'advised',
  'command, without root',
  ...loads.map(({ name }) => name),
]
const table = [
  line(head),
  line(head.map(() => '---')),
  ...hostSettings.map((setting) =>
    line([
      ...[setting.advice, setting.source],
      ...[`${setting.sysctl ?? 'ulimit -n'} = ${setting.advised}`],
      `\`${measureCommand(setting, 'npx lb bench -o changed.json')}\``,
      ...loads.map(({ arm }) => figureOf(setting, arm)),
    ]),
  ),
].join('\n')
const made =
  last === undefined
    ? ''
    : `CPU per request of the reference balancer, ${blocks} blocks; ${machine(last)}.`
writeBetweenMarks('guide/tuning.md', 'bench:host-settings', `${table}\n\n${made}`)
process.stdout.write(`${table}\n\n${made}\n`)
