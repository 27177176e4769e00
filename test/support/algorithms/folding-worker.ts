import { parentPort, workerData } from 'node:worker_threads'
import {
  type LatencyAverages,
  recordSample,
} from '../../../src/algorithms/parts/latency-averages.ts'

const { averages, answers, gate } = workerData as {
  averages: LatencyAverages
  answers: number
  gate: Int32Array
}

Atomics.sub(gate, 0, 1)
while (Atomics.load(gate, 0) > 0);
for (let answer = 0; answer < answers; answer++) recordSample(averages, 0, { seconds: 2, now: 0 })
parentPort?.postMessage('done')
