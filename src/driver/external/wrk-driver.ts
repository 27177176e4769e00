import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Driver } from '../driver.ts'
import { requestBytes } from '../lean/request-bytes.ts'
import { driveTwice, type ExternalOptions, type ExternalRun } from './drive-twice.ts'
import { watchReadBytes } from './read-bytes.ts'
import { runProgram } from './run-program.ts'
import { parseWrk } from './wrk-report.ts'
import { wrkLines, wrkScript } from './wrk-script.ts'

/** Milliseconds that wrk waits at its end, so that its costs are read before it exits. */
const readCostsMs = 50

/** wrk 4.1 as an external driver of the closed loop. */
export const wrkDriver: Driver = {
  name: 'wrk',
  summary: 'the closed loop of the program wrk (package wrk)',
  async prepare() {},
  drive: (load, url, control, signal) => driveTwice(run, load, { url, control, signal }),
}

async function run(options: ExternalOptions): Promise<ExternalRun> {
  const { load, url, seconds, folder, signal, listener } = options
  const { connections, request, timeout } = load
  const script = join(folder, 'wrk.lua')
  await writeFile(script, wrkScript(requestBytes(request, url)))
  const args = [
    ...['-t1', `-c${connections}`, `-d${Math.ceil(seconds) + 1}s`],
    ...['--timeout', `${Math.ceil(timeout)}s`, '-s', script, url.origin],
  ]
  const wrk = await runProgram('wrk', args, signal)
  listener.opened()
  const responses = watchReadBytes(wrk.pid)
  // It counts whole seconds by itself; an interrupt ends its run in time.
  const timer = setTimeout(() => wrk.child.kill('SIGINT'), seconds * 1e3)
  await wrk.line(wrkLines.closed)
  clearTimeout(timer)
  listener.closed()
  await wait(readCostsMs)
  wrk.child.stdin?.end('\n')
  const output = await wrk.over.catch((error: Error) => {
    // It tries one connection before it begins.
    if (error.message.includes('unable to connect')) return undefined
    throw error
  })
  if (output === undefined) return refused(seconds, connections)
  const report = parseWrk(output, connections)
  const { errors, status, late } = report
  const failed = errors.connect + errors.read + errors.write
  return {
    seconds: report.seconds,
    counts: {
      ok: Math.max(0, report.responses - status - late),
      non2xx: status,
      errors: failed,
      timeouts: late,
      dropped: 0,
    },
    errorKinds: kinds({
      'wrk: connect': errors.connect,
      'wrk: read': errors.read,
      'wrk: write': errors.write,
      'status 400 or above': status,
      'timed out': late,
    }),
    latencies: report.latencies,
    bins: responses.end(report.responses),
  }
}

/** The run against a port that refuses: no connection of it could be opened. */
function refused(seconds: number, connections: number): ExternalRun {
  return {
    seconds,
    counts: { ok: 0, non2xx: 0, errors: connections, timeouts: 0, dropped: 0 },
    errorKinds: { 'wrk: connect': connections },
    latencies: [],
    bins: [],
  }
}

function kinds(all: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0))
}
