import type { Socket } from 'node:net'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { accept } from '../downstream/accept.ts'
import type { AccessLog } from '../io/access-log.ts'
import type { ProxyContext } from '../proxy/context.ts'
import type { Exchange } from '../proxy/exchange.ts'
import { count } from '../shared/counters.ts'
import { drain } from './drain.ts'
import { startProxy } from './start-proxy.ts'
import type { WorkerMessage, WorkerOptions, WorkerReport } from './worker-options.ts'

const options = workerData as WorkerOptions
const acceptConnection = await loadAccept(options)
const log = await openLog(options.settings.accessLog)
const { proxy, close } = startProxy(options, log)
const gauges = await startGauges(proxy)

parentPort?.on('message', (message: WorkerMessage) => {
  if ('socket' in message) acceptConnection(proxy, message.socket)
  else if ('reopen' in message) log?.reopen(message.reopen).catch(report)
  else drain(proxy, () => void end())
})

process.on('exit', () => {
  proxy.observe.counters[count.exiting] = 1
  if (parentPort !== null) returnConnections(parentPort)
})
parentPort?.postMessage('ready' satisfies WorkerReport)

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
  close()
  gauges?.[Symbol.dispose]()
  await log?.close()
  parentPort?.close()
}

/** How connections are accepted. TLS is loaded only if it is needed: it takes memory in every thread. */
async function loadAccept({
  identity,
}: WorkerOptions): Promise<(proxy: ProxyContext<Exchange>, socket: Socket) => unknown> {
  if (identity === undefined) return accept
  const { acceptTls } = await import('../downstream/accept-tls.ts')
  return acceptTls(identity)
}

/** Publishes gauges of the worker, if there is an admin port that shows them. */
async function startGauges({
  observe: { metrics },
}: ProxyContext<Exchange>): Promise<Disposable | undefined> {
  if (metrics === undefined) return undefined
  const { publishGauges } = await import('../admin/worker-gauges.ts')
  return publishGauges(metrics)
}

/** A worker without its log is better than none: the file could be written when the balancer started. */
async function openLog(path: string | undefined): Promise<AccessLog | undefined> {
  if (path === undefined) return undefined
  const { openAccessLog } = await import('../io/access-log.ts')
  return await openAccessLog(path).catch(report)
}

function report(error: Error): undefined {
  process.stderr.write(`${error.message}\n`)
}
