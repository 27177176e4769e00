import { UsageError } from '../kit/errors.ts'
import { readResult } from '../result/read.ts'
import { measuredService } from '../simulator/measured-service.ts'
import type { Service } from '../simulator/options.ts'
import { decode, histogram } from '../stats/histogram/histogram.ts'

/**
 * The times of a result of `lb bench` as service times: of its direct trials, which have no balancer in them, or of its only arm.
 *
 * @throws {UsageError} the file cannot be read, or it does not have one such arm with valid trials at a rate
 */
export async function measuredServiceTimes(file: string): Promise<Service> {
  const { plan, trials } = await readResult(file)
  const direct = plan.arms.filter(({ target }) => target === 'direct')
  const candidates = direct.length > 0 ? direct : plan.arms
  const [arm, another] = candidates.map(({ name }) => name)
  if (another !== undefined) {
    throw new UsageError(
      `${file} has ${candidates.length} arms: it does not say whose times are the service times`,
      'use a result of one backend alone: lb bench --target direct --phase latency',
    )
  }
  const times = histogram()
  for (const { trial, verdict, latency } of trials) {
    if (trial.arm === arm && trial.phase === 'latency' && verdict.valid) times.add(decode(latency))
  }
  if (times.count > 0) return measuredService(times)
  throw new UsageError(
    `${file} has no valid trial of ${arm} at a rate, whose times could be service times`,
    'measure one backend below its capacity: lb bench --target direct --phase latency',
  )
}
