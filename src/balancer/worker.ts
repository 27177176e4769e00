import type { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import type { AccessLog } from './access-log.ts'
import { drain } from './drain.ts'
import { accept } from './front.ts'
import type { Lane } from './lane.ts'
import { type LaneOrder, openLane } from './open-lane.ts'

/**
 * What a worker is told: to serve a connection, to go on in a new log file, or to end when nothing is in
 * flight any more.
 */
export type WorkerMessage =
  | { readonly socket: Socket }
  | { readonly reopen: string }
  | { readonly drain: true }

const order = workerData as LaneOrder
const welcome = await door(order)
const log = await openLog(order.settings.accessLog)
const { lane, close } = openLane(order, log)
const gauges = await gaugesOf(lane)

parentPort?.on('message', (message: WorkerMessage) => {
  if ('socket' in message) welcome(lane, message.socket)
  else if ('reopen' in message) log?.reopen(message.reopen).catch(complain)
  else drain(lane, () => void leave())
})

parentPort?.postMessage('ready')

async function leave(): Promise<void> {
  close()
  gauges?.[Symbol.dispose]()
  await log?.close()
  parentPort?.close()
}

/** How connections are taken. What TLS needs is loaded only for it: it takes memory in every thread. */
async function door({ identity }: LaneOrder): Promise<(lane: Lane, socket: Socket) => unknown> {
  if (identity === undefined) return accept
  const { secureFront } = await import('./tls/secure-front.ts')
  return secureFront(identity)
}

/** What the worker shows of itself, where there is an admin port that shows it. */
async function gaugesOf({ metrics }: Lane): Promise<Disposable | undefined> {
  if (metrics === undefined) return undefined
  const { publishGauges } = await import('./admin/worker-gauges.ts')
  return publishGauges(metrics)
}

/** A worker without its log is better than none: the file was there when the balancer started. */
async function openLog(path: string | undefined): Promise<AccessLog | undefined> {
  if (path === undefined) return undefined
  const { openAccessLog } = await import('./access-log.ts')
  return await openAccessLog(path).catch(complain)
}

function complain(error: Error): undefined {
  process.stderr.write(`${error.message}\n`)
}
