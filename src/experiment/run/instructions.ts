import { openCounter } from '../../meter/counters.ts'
import { processFamily } from '../../meter/process-family.ts'

/** The value of some work, and the instructions that a process executed meanwhile; undefined if not counted. */
export interface CountedWork<Value> {
  readonly value: Value
  readonly instructions: number | undefined
}

/**
 * Counts the instructions, in user mode, of a process and its descendants while `work` runs. The counter is
 * attached before and detached afterwards, also if the work throws. Without a `pid` nothing is counted.
 */
export async function countInstructions<Value>(
  pid: number | undefined,
  work: () => Promise<Value>,
): Promise<CountedWork<Value>> {
  if (pid === undefined) return { value: await work(), instructions: undefined }
  const counter = await openCounter(processFamily(pid))
  let value: Value
  try {
    value = await work()
  } catch (error) {
    await counter.close()
    throw error
  }
  const counted = await counter.close()
  return { value, instructions: 'count' in counted ? counted.count : undefined }
}
