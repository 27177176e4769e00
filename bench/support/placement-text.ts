import { reasonWords } from '../../reports/sections/reasons.ts'
import type { Placement } from '../../src/lab/cores.ts'

/** Which CPUs the processes of a target with so many workers ran on: `target on CPU 0; driver and backends share CPU 1`. */
export function placementText({ target, driver, backends }: Placement, workers: number): string {
  return reasonWords({
    code: 'placement',
    values: {
      ...{ target: [...target], driver: [...driver], backends: [...backends] },
      ...{ workers, targetElsewhere: false },
    },
  })
}
