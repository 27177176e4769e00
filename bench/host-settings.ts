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
 * npm run bench:host-settings [-- --blocks 8]: the settings of the host that tuning guides change, each in a network namespace of
 * its own (unshare, ip, sysctl), so that the host is not changed: CPU per request of the reference balancer with a new connection for each
 * request, beside an unchanged namespace in the same randomised blocks. A setting that this user may not change is named. Writes
 * the second table of docs/guide/tuning.md. 8 blocks take 5 minutes. Needs a build.
 */

const { values } = parseArgs({ options: { blocks: { type: 'string', default: '8' } } })
const blocks = Number(values.blocks)

const run = join(import.meta.dirname, '../bin/run.js')
const folder = await mkdtemp(join(tmpdir(), 'lb-host-settings-'))
const file = join(folder, 'result.json')
const bench = [
  ...['bench', '--algo', 'round-robin', '--phase', 'capacity', '--trials', '1', '--no-control'],
  ...['--header', 'Connection: close', '--warmup', '0.5s', '--duration', '1s'],
  ...['--output', file, '--force', '--no-keep'],
]

/** The result of a run in a namespace with this setting; without one, in an unchanged one. Text: why there is none. */
async function measured(setting: HostSetting | undefined): Promise<ResultDocument | string> {
  const words = [process.execPath, run, ...bench].map((word) => `"${word}"`).join(' ')
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

function costOf({ trials }: ResultDocument): number | undefined {
  const [trial] = trials.filter(({ verdict }) => verdict.valid)
  return trial && costsOf(trial).cpuPerRequest
}

const arms = [undefined, ...hostSettings]
const costs = new Map<HostSetting | undefined, Map<number, number>>()
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
      const cost = costOf(result)
      if (cost === undefined) continue
      costs.set(arm, (costs.get(arm) ?? new Map<number, number>()).set(block, cost))
    }
    process.stderr.write(`block ${block + 1} of ${blocks}\n`)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

function pairsOf(setting: HostSetting): Pair[] {
  const own = costs.get(setting)
  return [...(costs.get(undefined) ?? [])].flatMap(([block, base]) => {
    const other = own?.get(block)
    return other === undefined ? [] : [[base, other] as const]
  })
}

const known = hostSettings.filter((one) => pairsOf(one).length >= 2)
const compared = adjustFamily(
  known.map((setting) => ({
    ...compare(pairsOf(setting), { better: 'less', margin: minMargin }),
    setting,
  })),
)
const answers: Readonly<Record<string, string>> = {
  better: 'helps',
  worse: 'hurts',
  same: 'no difference',
}
const signed = (ratio: number) =>
  `${ratio >= 1 ? '+' : '−'}${Math.abs(100 * (ratio - 1)).toFixed(1)} %`

function figureOf(setting: HostSetting): string {
  const found = compared.find((one) => one.setting === setting)
  if (found === undefined) return `not measured: ${problems.get(setting) ?? 'no valid trial'}`
  const { ratio, outcome } = found
  return `${answers[outcome] ?? outcome}, CPU per request ${signed(ratio.center)} (${signed(ratio.low)} … ${signed(ratio.high)})`
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const head = ['advice', 'source', 'advised', 'command, without root', 'reference']
const table = [
  line(head),
  line(head.map(() => '---')),
  ...hostSettings.map((setting) =>
    line([
      ...[setting.advice, setting.source],
      ...[`${setting.sysctl ?? 'ulimit -n'} = ${setting.advised}`],
      ...[`\`${measureCommand(setting, 'npx lb bench -o changed.json')}\``, figureOf(setting)],
    ]),
  ),
].join('\n')
const made =
  last === undefined ? '' : `${blocks} blocks, a new connection for each request; ${machine(last)}.`
writeBetweenMarks('guide/tuning.md', 'bench:host-settings', `${table}\n\n${made}`)
process.stdout.write(`${table}\n\n${made}\n`)
