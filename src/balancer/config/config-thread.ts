import { parentPort, workerData } from 'node:worker_threads'
import type { LbError } from '../../kit/errors.ts'
import type { Checked } from './check-in-thread.ts'
import { checkConfig } from './config.ts'

function checked(): Checked {
  try {
    return { settings: checkConfig(workerData) }
  } catch (error) {
    const { message, hint } = error as LbError
    if (hint === undefined) throw error
    return { refused: { message, hint } }
  }
}

parentPort?.postMessage(checked())
