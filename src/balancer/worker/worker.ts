import type { Socket } from 'node:net'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { accept } from '../downstream/receive.ts'
import type { AccessLog } from '../io/access-log.ts'
import type { ProxyContext } from '../proxy/context.ts'
import { count } from '../shared/counters.ts'
import { drain } from './drain.ts'
import { startProxy, type WorkerOptions } from './start-proxy.ts'

/**
 * What a worker is told: to serve a connection, to go on in a new log file, or to end when nothing is in
 * flight any more.
 */
export type WorkerMessage =
  | { readonly socket: Socket }
  | { readonly reopen: string }
  | { readonly drain: true }

/** What a worker tells: that it serves from now on, or a connection that it dies without having taken. */
export type WorkerReport = 'ready' | { readonly socket: Socket }

const options = workerData as WorkerOptions
const welcome = await door(options)
const log = await openLog(options.settings.accessLog)
const { lane, close } = startProxy(options, log)
const gauges = await gaugesOf(lane)

parentPort?.on('message', (message: WorkerMessage) => {
  if ('socket' in message) welcome(lane, message.socket)
  else if ('reopen' in message) log?.reopen(message.reopen).catch(complain)
  else drain(lane, () => void leave())
})

process.on('exit', () => {
  lane.counters[count.dying] = 1
  if (parentPort !== null) handBack(parentPort)
})
parentPort?.postMessage('ready' satisfies WorkerReport)

/** Sends back what still waits to be taken, for another worker: dying, this one would take it along. */
function handBack(port: MessagePort): void {
  let mail = receiveMessageOnPort(port)
  while (mail !== undefined) {
    const message = mail.message as WorkerMessage
    if ('socket' in message) {
      const { socket } = message
      port.postMessage({ socket } satisfies WorkerReport, [socket as never])
    }
    mail = receiveMessageOnPort(port)
  }
}

async function leave(): Promise<void> {
  close()
  gauges?.[Symbol.dispose]()
  await log?.close()
  parentPort?.close()
}

/** How connections are taken. What TLS needs is loaded only for it: it takes memory in every thread. */
async function door({
  identity,
}: WorkerOptions): Promise<(lane: ProxyContext, socket: Socket) => unknown> {
  if (identity === undefined) return accept
  const { acceptTls } = await import('../downstream/accept-tls.ts')
  return acceptTls(identity)
}

/** What the worker shows of itself, where there is an admin port that shows it. */
async function gaugesOf({ metrics }: ProxyContext): Promise<Disposable | undefined> {
  if (metrics === undefined) return undefined
  const { publishGauges } = await import('../admin/worker-gauges.ts')
  return publishGauges(metrics)
}

/** A worker without its log is better than none: the file was there when the balancer started. */
async function openLog(path: string | undefined): Promise<AccessLog | undefined> {
  if (path === undefined) return undefined
  const { openAccessLog } = await import('../io/access-log.ts')
  return await openAccessLog(path).catch(complain)
}

function complain(error: Error): undefined {
  process.stderr.write(`${error.message}\n`)
}
