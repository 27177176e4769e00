/**
 * How often the gate is right on this host: `lb ci` of the balancer against itself, and against one that burns a
 * share more CPU on each request, so many times. Prints a line a try. Give tries and share: `20 0.1`.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [, , tries = '20', share = '0.1', ...flags] = process.argv
const lb = join(import.meta.dirname, '../../bin/run.js')
const folder = await mkdtemp(join(tmpdir(), 'lb-gate-'))

/** One `lb ci` whose head burns so many seconds a request; its exit code and what CPU per request came to. */
async function attempt(burn: number) {
  const output = ['--output', join(folder, 'out'), '--force', '--phase', 'capacity']
  const sides = ['--base-config', '{}', '--head-config', JSON.stringify({ burn })]
  const rule = ['--fail-on', 'cpu>+0%']
  const code = await new Promise<number>((resolve) => {
    const args = [lb, 'ci', ...sides, ...rule, ...output, ...flags]
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (error) =>
      resolve(error === null ? 0 : Number(error.code)),
    )
  })
  const result = JSON.parse(await readFile(join(folder, 'out', 'result.json'), 'utf8'))
  const cost = result.findings[0]?.metrics.cpuPerRequest?.center as number | undefined
  const { ratio, answer } =
    result.comparisons.find(({ metric }: { metric: string }) => metric === 'cpuPerRequest') ?? {}
  return { code, cost, ratio, answer }
}

const begun = performance.now()
const alarms = { same: 0, dearer: 0 }
let cost = (await attempt(0)).cost ?? 50e-6
for (let i = 0; i < Number(tries); i++) {
  for (const [side, burn] of [
    ['same', 0],
    ['dearer', cost * Number(share)],
  ] as const) {
    const found = await attempt(burn)
    if (found.code === 98) alarms[side]++
    if (found.cost !== undefined) cost = found.cost
    const { center, low, high, n } = found.ratio ?? {}
    process.stdout.write(
      `${side}: exit ${found.code}, ${found.answer}, ratio ${center?.toFixed(3)} (${low?.toFixed(3)} to ${high?.toFixed(3)}), ${n} pairs\n`,
    )
  }
}
const seconds = (performance.now() - begun) / 1000
process.stdout.write(
  `of ${tries} tries each: ${alarms.same} false alarms, ${alarms.dearer} found; ${Math.round(seconds / (2 * Number(tries) + 1))} s a try\n`,
)
await rm(folder, { recursive: true })
