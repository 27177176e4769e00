import type { Lab } from '../../lab/lab.ts'
import type { Steps } from '../../result/schemas/steps.ts'
import { stepMeans } from '../slow/step-means.ts'

/** Reads the times of steps at the edges of a window. */
export interface StepReader {
  open(): void
  close(): void
  means(): Promise<Steps | undefined>
}

/** A reader of the target of a lab. */
export function stepReader({ steps }: Pick<Lab, 'steps'>): StepReader {
  const none = Promise.resolve<Awaited<ReturnType<Lab['steps']>>>([])
  let [before, after] = [none, none]
  return {
    open() {
      before = steps()
    },
    close() {
      after = steps()
    },
    means: async () => stepMeans(await before, await after),
  }
}
