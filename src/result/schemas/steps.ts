import { z } from 'zod'
import { stepNames } from '../../kit/steps.ts'
import { count, seconds } from './values.ts'

/** Mean seconds of each step, over some requests: they sum to the mean of their total times. */
const means = z.record(z.enum(stepNames), seconds)

/** Where the time of requests went in the reference balancer, by its own marks. */
export const steps = z.strictObject({
  /** Responses of backends in the window. */
  requests: count,
  /** Of all requests. */
  mean: means,
  /** Of the requests around the median total time: from p45 to p55. */
  p50: means,
  /** Of the slowest 1 %. */
  p99: means,
})
