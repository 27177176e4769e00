import { type StepRow, stepBuckets, stepBucketsPerOctave, stepNames } from '../../kit/steps.ts'

/** Numbers of one bucket: requests, then the seconds of each step. */
const rowLength = 1 + stepNames.length
const columnBytes = stepBuckets * rowLength * Float64Array.BYTES_PER_ELEMENT

/** Adds a request: its seconds in each step, and in all. */
export type AddSteps = (steps: Float64Array, total: number) => void

/** Memory for the steps of all workers. Sent to workers as it is. */
export function allocateSteps(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(workers * columnBytes)
}

/** Adds the requests of one worker to its histogram by total time. */
export function stepAdder(memory: SharedArrayBuffer, worker: number): AddSteps {
  const column = columnOf(memory, worker)
  return (steps, total) => {
    const at = bucketOf(total) * rowLength
    column[at] = (column[at] as number) + 1
    for (let i = 0; i < stepNames.length; i++) {
      column[at + 1 + i] = (column[at + 1 + i] as number) + (steps[i] as number)
    }
  }
}

/** The buckets that have requests, of each worker. */
export function readSteps(memory: SharedArrayBuffer): StepRow[][] {
  const workers = memory.byteLength / columnBytes
  return Array.from({ length: workers }, (_, worker) => {
    const column = columnOf(memory, worker)
    return Array.from({ length: stepBuckets }, (_, bucket) => [
      bucket,
      ...column.subarray(bucket * rowLength, (bucket + 1) * rowLength),
    ]).filter(([, requests = 0]) => requests > 0)
  })
}

function bucketOf(seconds: number): number {
  const octaves = Math.log2(Math.max(1, seconds * 1e6))
  return Math.min(stepBuckets - 1, Math.floor(octaves * stepBucketsPerOctave))
}

function columnOf(memory: SharedArrayBuffer, worker: number): Float64Array {
  return new Float64Array(memory, worker * columnBytes, stepBuckets * rowLength)
}
