import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ArmLeaks } from '../src/experiment/profile/measure-leaks.ts'
import type { Growth } from '../src/profile/leak/growth.ts'
import { machine, share } from './support/figures-text.ts'
import { runLb } from './support/run-lb.ts'

/*
 * npm run bench:leaks: how often `lb profile --leaks` finds a leak that is planted into the reference balancer, about 100 bytes a
 * request, and how often one that is not there. With 4,000 requests a round, --planted 3 --healthy 20 take 10 minutes.
 */

const { values: options } = parseArgs({
  options: {
    planted: { type: 'string', default: '3' },
    healthy: { type: 'string', default: '20' },
    requests: { type: 'string', default: '4000' },
  },
})
const root = join(import.meta.dirname, '..')
const preload = new URL('./support/preload-leak.ts', import.meta.url)
/** 104 bytes a request. */
const planted = {
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${preload.href}`,
  LB_LEAK_NUMBERS: '6',
}

/** Runs the check once; returns the outcomes for requests and connections. */
async function check(variables: NodeJS.ProcessEnv): Promise<(Growth['outcome'] | undefined)[]> {
  const begunMs = performance.now()
  const flags = ['--leaks', '--requests', options.requests, '--json', '--progress', 'none']
  const { code, stdout, stderr } = await runLb(root, ['profile', ...flags], variables)
  if (code !== 0) throw new Error(stderr)
  const [arm] = JSON.parse(stdout) as ArmLeaks[]
  const both = [arm?.requests, arm?.connections]
  const shown = both.map((growth) => {
    if (growth === undefined) return '–'
    const { center, low, high } = growth.perUnit
    return `${center.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)}): ${growth.outcome}`
  })
  const seconds = Math.round((performance.now() - begunMs) / 1000)
  process.stdout.write(
    `bytes for each request ${shown[0]}, for each connection ${shown[1]}; ${seconds} s\n`,
  )
  return both.map((growth) => growth?.outcome)
}

async function found(times: number, variables: NodeJS.ProcessEnv): Promise<number> {
  let leaks = 0
  for (let i = 0; i < times; i++) if ((await check(variables)).includes('leak')) leaks++
  return leaks
}

const [leaky, healthy] = [Number(options.planted), Number(options.healthy)]
process.stdout.write('with a planted leak of 104 bytes a request:\n')
const hits = await found(leaky, planted)
process.stdout.write('without one:\n')
const alarms = await found(healthy, {})
process.stdout.write(
  `${machine()}: planted leaks found: ${share(hits, leaky)}; healthy runs in which one was found: ${share(alarms, healthy)}\n`,
)
