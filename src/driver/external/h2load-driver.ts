import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bodyOf, requestFields, withContent } from '../../plan/request-fields.ts'
import { streamsOf } from '../../plan/transport.ts'
import type { Driver } from '../driver.ts'
import { driveTwice, type ExternalOptions, type ExternalRun } from './drive-twice.ts'
import { parseH2load, parseH2loadLog } from './h2load-report.ts'
import { runProgram } from './run-program.ts'

/** The line after the last request that h2load counts. */
const closedLine = 'Main benchmark duration is over'

/** Milliseconds after the window within which it must end. */
const endMs = 3000

/** h2load as an external driver of the closed loop: over HTTP/1.1, or HTTP/2 where the load is. */
export const h2loadDriver: Driver = {
  name: 'h2load',
  summary: 'the closed loop of the program h2load (package nghttp2-client)',
  async prepare() {},
  drive: (load, url, control, signal) => driveTwice(run, load, { url, control, signal }),
}

async function run(options: ExternalOptions): Promise<ExternalRun> {
  const { load, seconds, folder, signal, listener } = options
  const log = join(folder, 'h2load.log')
  await writeFile(log, '')
  const h2load = await runProgram('h2load', [...(await argsOf(options, log))], signal)
  listener.opened()
  // Where a server closes every connection it may never end.
  let overdue = false
  const timer = setTimeout(
    () => {
      overdue = true
      h2load.child.kill('SIGKILL')
    },
    seconds * 1e3 + endMs,
  )
  await h2load.line(closedLine)
  listener.closed()
  const output = await h2load.over.catch((error: Error) => {
    if (overdue) return undefined
    throw error
  })
  clearTimeout(timer)
  if (output === undefined) return failed(seconds, load.connections)
  const { ok, non2xx, errors, timeouts } = parseH2load(output)
  const { latencies, bins } = parseH2loadLog(await readFile(log, 'latin1'))
  return {
    seconds,
    counts: { ok, non2xx, errors, timeouts, dropped: 0 },
    errorKinds: Object.fromEntries(
      Object.entries({
        'status other than 2xx': non2xx,
        'h2load: failed': errors,
        'timed out': timeouts,
      }).filter(([, count]) => count > 0),
    ),
    latencies,
    bins,
  }
}

/** A run that did not end by itself: nothing is known of it but that no connection got through. */
function failed(seconds: number, connections: number): ExternalRun {
  return {
    seconds,
    counts: { ok: 0, non2xx: 0, errors: connections, timeouts: 0, dropped: 0 },
    errorKinds: { 'h2load: did not end': connections },
    latencies: [],
    bins: [],
  }
}

async function argsOf({ load, url, seconds, folder }: ExternalOptions, log: string) {
  const { request, connections, timeout } = load
  const body = bodyOf(request)
  const file = join(folder, 'body')
  if (body.length > 0) await writeFile(file, body)
  return [
    ...(load.http2 ? [] : ['--h1']),
    ...['-t1', `-m${streamsOf(load)}`, `-c${connections}`, `-D${Math.round(seconds * 1e3)}ms`],
    ...[`-N${Math.ceil(timeout)}s`, `--log-file=${log}`],
    ...(body.length > 0 ? ['-d', file] : []),
    // A body alone would make the method POST.
    ...['-H', `:method: ${request.method}`],
    ...(body.length === 0 && withContent.includes(request.method)
      ? ['-H', 'content-length: 0']
      : []),
    // It sends a second Host for a field of that name, and takes Host from the pseudo-header.
    ...requestFields(request, url).flatMap(([name, value]) => [
      '-H',
      `${name.toLowerCase() === 'host' ? ':authority' : name}: ${value}`,
    ]),
    `${url.origin}${request.path}`,
  ]
}
