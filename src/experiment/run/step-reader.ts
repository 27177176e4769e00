import { type StepMeans, stepMeans } from '../../kit/step-means.ts'
import type { Lab } from '../../lab/lab.ts'

/** Reads the times of steps at the edges of a window. */
export interface StepReader {
  open(): void
  close(): void
  means(): Promise<StepMeans | undefined>
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
