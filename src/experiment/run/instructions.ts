import { openCounter } from '../../meter/counters.ts'
import { processFamily } from '../../meter/process-family.ts'

/** What some work gave, and how many instructions a process spent on it where they could be counted. */
export interface Instructed<Given> {
  readonly given: Given
  readonly instructions: number | undefined
}

/**
 * Counts the instructions, in user mode, of a process and all that belongs to it while `work` is done. The
 * counter is attached before and taken off afterwards, however the work ends.
 */
export async function instructed<Given>(
  pid: number | undefined,
  work: () => Promise<Given>,
): Promise<Instructed<Given>> {
  if (pid === undefined) return { given: await work(), instructions: undefined }
  const counter = await openCounter(processFamily(pid))
  let given: Given
  try {
    given = await work()
  } catch (error) {
    await counter.close()
    throw error
  }
  const counted = await counter.close()
  return { given, instructions: 'count' in counted ? counted.count : undefined }
}
