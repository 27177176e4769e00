import { parentPort, workerData } from 'node:worker_threads'
import type { LbError } from '../../kit/errors.ts'
import type { CheckReply } from './check-in-thread.ts'
import { checkConfig } from './config.ts'

function reply(): CheckReply {
  try {
    return { settings: checkConfig(workerData) }
  } catch (error) {
    const { message, hint } = error as LbError
    if (hint === undefined) throw error
    return { invalid: { message, hint } }
  }
}

parentPort?.postMessage(reply())
