import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { ActivityWatch } from '../profiling/activity.ts'
import type { ProxyContext } from '../proxy/context.ts'
import type { Exchange } from '../proxy/exchange.ts'
import { slotCount, slotCountersOf, tally } from '../shared/counters.ts'
import { startDataPaths } from './data-paths.ts'
import { openWorkerLog } from './worker-log.ts'
import type { WorkerMessage, WorkerOptions, WorkerReport } from './worker-options.ts'

const options = workerData as WorkerOptions
const slot = slotCountersOf(options.shared.slots, options.worker)
const log = await openWorkerLog(options.settings, report, (lines) =>
  tally(slot, slotCount.logDropped, lines),
)
const paths = await startDataPaths(options, log.current(), (version) => tell({ retired: version }))
let gauges = await startGauges(paths.proxy)
/** Configurations are applied one after the other. */
let applying = Promise.resolve()
let activity: ActivityWatch | undefined

parentPort?.on('message', (message: WorkerMessage) => {
  if ('socket' in message) paths.accept(message.socket)
  else if ('reopen' in message) log.reopen(message.reopen).catch(report)
  else if ('apply' in message) applying = applying.then(() => apply(message.apply))
  else if ('activity' in message) profileActivity(message.activity).catch(report)
  else if ('cut' in message) paths.cut('drain-timeout')
  else paths.drain(() => void end())
})

process.on('exit', () => {
  paths.exiting()
  if (parentPort !== null) returnConnections(parentPort)
  try {
    paths.cut('worker-failed')
  } finally {
    log.flushSync()
  }
})
tell('ready')

function tell(report: WorkerReport): void {
  parentPort?.postMessage(report)
}

async function apply(next: WorkerOptions): Promise<void> {
  await log.follow(next.settings)
  await paths.apply(next, log.current())
  gauges?.[Symbol.dispose]()
  gauges = await startGauges(paths.proxy)
  tell('applied')
}

/** Its module is loaded with the first profile. */
async function profileActivity(step: 'start' | 'stop'): Promise<void> {
  const { watchActivity } = await import('../profiling/activity.ts')
  if (step === 'start') {
    activity?.[Symbol.dispose]()
    activity = watchActivity(String(options.worker))
  } else if (activity !== undefined) {
    tell({ activity: activity.stop() })
    activity = undefined
  }
}

/** Returns connections that wait to be accepted, for another worker: with this one they would be lost. */
function returnConnections(port: MessagePort): void {
  let received = receiveMessageOnPort(port)
  while (received !== undefined) {
    const message = received.message as WorkerMessage
    if ('socket' in message) {
      const { socket } = message
      port.postMessage({ socket } satisfies WorkerReport, [socket as never])
    }
    received = receiveMessageOnPort(port)
  }
}

async function end(): Promise<void> {
  paths.close()
  gauges?.[Symbol.dispose]()
  await log.close()
  parentPort?.close()
}

/** Publishes gauges of the worker, if there is an admin port that shows them. */
async function startGauges({
  observe: { metrics },
}: ProxyContext<Exchange>): Promise<Disposable | undefined> {
  if (metrics === undefined) return undefined
  const { publishGauges } = await import('../admin/worker-gauges.ts')
  return publishGauges(metrics)
}

function report(error: Error): void {
  process.stderr.write(`${error.message}\n`)
}
