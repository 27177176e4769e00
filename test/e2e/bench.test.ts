import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processFamily } from '../../src/meter/process-family.ts'
import { type Measurement, type ResultDocument, resultDocument } from '../../src/result/document.ts'
import { readResult } from '../../src/result/read.ts'
import { builtLb, type RunningLb, startLb } from '../support/processes/built-lb.ts'
import { stillRunning } from '../support/processes/still-running.ts'
import { allCounted } from '../support/results/counted.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs `lb bench … --json` and reads what it printed. */
async function bench(...args: string[]): Promise<ResultDocument> {
  const { code, stdout, stderr } = await builtLb('bench', ...args, '--json')
  expect({ code, stderr }).toMatchObject({
    code: expect.toSatisfy((c) => c === 0 || c === 97),
    stderr: '',
  })
  return resultDocument.parse(JSON.parse(stdout))
}

// No trial is run to choose the driver.
const alone = ['--phase', 'capacity', '--no-control', '--driver', 'autocannon']
const short = [
  ...alone,
  ...['--warmup', '200ms', '--duration', '500ms', '--trials', '1', '--connections', '10'],
]

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

/** Requests of every trial that failed, of whatever kind. */
function failures({ total }: Measurement): number {
  return total.non2xx + total.errors + total.timeouts
}

/** One run for all tests that ask only for one trial of an algorithm: arms with one and with two workers. */
const twoByTwo = lazily(() => bench('--algo', 'round-robin,weighted', '--cores', '1,2', ...short))

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** The trials of the arm of an algorithm with so many workers: one, and another where other programs spoiled the first. */
async function trialsOf(algorithm: string, workers: number): Promise<Measurement[]> {
  const { trials } = await twoByTwo()
  const own = trials.filter(({ trial }) => trial.arm === `${algorithm} ×${workers}`)
  expect(own).not.toHaveLength(0)
  return own
}

describe('the counts of driver, balancer and backends', () => {
  test.for([1, 2])('agree with %i workers', async (workers) => {
    for (const trial of await trialsOf('round-robin', workers)) {
      expect(failures(trial)).toBe(0)
      // What was under way when the driver stopped: at most one request a connection.
      expect(trial.targetRequests).toBeGreaterThanOrEqual(trial.total.ok)
      expect(trial.targetRequests).toBeLessThanOrEqual(trial.total.ok + 10)
      expect(sum(trial.perBackend)).toBeGreaterThanOrEqual(trial.total.ok)
      expect(sum(trial.perBackend)).toBeLessThanOrEqual(trial.total.ok + 10)
      expect(trial.window.ok).toBeLessThan(trial.total.ok)
    }
    expect((await twoByTwo()).build).toBe('compiled')
  })
})

describe('the shares of the backends', () => {
  test.for([1, 2])('follow the weights 5, 1, 1 with %i workers', async (workers) => {
    for (const { perBackend } of await trialsOf('weighted', workers)) {
      const all = sum(perBackend)
      expect(all).toBeGreaterThan(200)
      const shares = perBackend.map((n) => n / all)
      for (const [i, ideal] of [5 / 7, 1 / 7, 1 / 7].entries()) {
        expect(Math.abs((shares[i] as number) - ideal)).toBeLessThan(0.01)
      }
    }
  })

  test.for([1, 2])('are equal under round robin with %i workers', async (workers) => {
    for (const { perBackend } of await trialsOf('round-robin', workers)) {
      const spread = Math.max(...perBackend) - Math.min(...perBackend)
      expect(spread).toBeLessThanOrEqual(workers)
    }
  })

  test('favour the fast ones under least connections, whose p99 is then lower', async () => {
    const document = await bench(
      ...['--scenario', 'unequal-backends', '--algo', 'round-robin,least-connections'],
      ...[...alone, '--trials', '1', '--warmup', '300ms', '--duration', '2s'],
    )
    const [robin, least] = allCounted(document).findings
    const slowShare = (of: typeof robin) =>
      (of?.perBackend[2] as number) / sum(of?.perBackend ?? [])
    expect(slowShare(robin)).toBeCloseTo(1 / 3, 2)
    expect(slowShare(least)).toBeLessThan(0.25)
    expect(least?.metrics.latencyP99?.center).toBeLessThan(
      robin?.metrics.latencyP99?.center as number,
    )
  })
})

test('eight workers run anywhere, and are marked where there are not so many CPUs', async () => {
  const document = await bench('--algo', 'weighted', '--cores', '8', ...short)
  const [finding] = document.findings
  const enough = document.host.cpusAvailable >= 8
  expect(finding?.validity).toBe(enough ? 'valid' : 'oversubscribed')
  expect(document.trials[0]?.perWorker).toHaveLength(8)
})

/**
 * Waits until so many trials have been begun, and gives all processes that were seen. Each trial starts a target; the
 * preflight before the first trial starts one, too, but no yardstick.
 */
async function whenMeasuring(lb: RunningLb, trials: number): Promise<number[]> {
  const seen = new Map<number, string>()
  for (;;) {
    for (const pid of processFamily(lb.pid)) {
      // One that has ended and is not yet reaped has no command line: what was seen of it stands.
      const command = commandOf(pid)
      if (pid !== lb.pid && command !== '') seen.set(pid, command)
    }
    const commands = [...seen.values()]
    const rehearsed = commands.findIndex((command) => command.includes('src/meter/yardstick'))
    const begun = commands
      .slice(rehearsed)
      .filter((command) => command.includes('src/balancer/main'))
    if (rehearsed >= 0 && begun.length >= trials) return [...seen.keys()]
    if (lb.child.exitCode !== null) throw new Error('lb ended before it measured')
    await wait(20)
  }
}

/** Of a process that has ended, ''. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

const long = [...alone, '--algo', 'round-robin', '--trials', '9', '--warmup', '200ms']

test('killed in mid-run, it leaves no process behind', async () => {
  const lb = startLb('bench', ...long, '--duration', '60s', '--live')
  const pids = await whenMeasuring(lb, 1)
  lb.child.kill('SIGKILL')
  expect((await lb.finished).stderr).toMatch(
    /^lb: live page: http:\/\/127\.0\.0\.1:\d+\/\?token=\w+$/m,
  )
  expect(await stillRunning(pids, 2)).toEqual([])
})

test('interrupted, it exits with 130, keeps what it measured and leaves no process behind', async () => {
  const file = join(folder, 'interrupted.json')
  const lb = startLb('bench', ...long, '--duration', '400ms', '--output', file)
  // The second is started once the first trial is over.
  const pids = await whenMeasuring(lb, 2)
  lb.child.kill('SIGINT')
  const { code } = await lb.finished
  expect(code).toBe(130)
  expect(await stillRunning(pids, 0)).toEqual([])
  const document = await readResult(file)
  expect(document.complete).toBe(false)
  expect(document.trials.length).toBeGreaterThan(0)
  expect(document.trials.length).toBeLessThan(9)
})

test('lb reproduce ends in the same way when it is interrupted', async () => {
  const file = join(folder, 'interrupted-reproduction.json')
  const lb = startLb('reproduce', '--duration', '60s', '--warmup', '200ms', '--output', file)
  const pids = await whenMeasuring(lb, 1)
  lb.child.kill('SIGINT')
  expect((await lb.finished).code).toBe(130)
  expect(await stillRunning(pids, 0)).toEqual([])
  expect(await readResult(file)).toMatchObject({ complete: false, trials: [] })
})

test('both phases meet the control, and latency the same rate for all', async () => {
  const document = await bench(
    ...['--algo', 'round-robin', '--phase', 'both', '--control', '--rate', '200'],
    ...['--warmup', '300ms', '--duration', '1s', '--trials', '1', '--connections', '10'],
  )
  const seen = document.trials.map(
    ({ trial, rate }) => `${trial.phase} ${trial.arm} ${rate ?? '-'}`,
  )
  expect(new Set(seen)).toEqual(
    new Set([
      'capacity round-robin ×1 -',
      'capacity direct -',
      'latency round-robin ×1 200',
      'latency direct 200',
    ]),
  )
  for (const { planned, window, trial, host } of document.trials) {
    // Where latency is asked for, the machine's own part in it is watched on every CPU of the trial.
    expect(host.timerJitter !== undefined).toBe(trial.phase === 'latency')
    for (const { count, p999, max } of host.timerJitter ?? []) {
      expect(count).toBeGreaterThan(100)
      expect(p999).toBeLessThanOrEqual(max)
    }
    if (trial.phase !== 'latency') continue
    const { ok, non2xx, errors, timeouts, dropped } = window
    expect(ok + non2xx + errors + timeouts + dropped).toBe(planned)
  }
})

// Other mistakes are in test/commands/refused.test.ts.
test('what cannot be done is said in one line, before anything starts', async () => {
  const { code, stdout, stderr } = await builtLb('bench', '--algo', 'round-robbin')
  expect(stderr).toMatch(/^[^\n]*did you mean round-robin[^\n]*\n$/)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})
