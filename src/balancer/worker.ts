import type { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { drain } from './drain.ts'
import { accept } from './front.ts'
import { type LaneOrder, openLane } from './open-lane.ts'

/** What a worker is told: to serve a connection, or to end when nothing is in flight any more. */
export type WorkerMessage = { readonly socket: Socket } | { readonly drain: true }

const { lane, close } = openLane(workerData as LaneOrder)

parentPort?.on('message', (message: WorkerMessage) => {
  if ('socket' in message) {
    accept(lane, message.socket)
    return
  }
  drain(lane, () => {
    close()
    parentPort?.close()
  })
})

parentPort?.postMessage('ready')
