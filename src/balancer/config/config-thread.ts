import { parentPort, workerData } from 'node:worker_threads'
import { checkSource } from './check-source.ts'
import type { ConfigSource } from './config-source.ts'

parentPort?.postMessage(await checkSource(workerData as ConfigSource))
