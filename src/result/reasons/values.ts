import { z } from 'zod'
import { metricNames } from '../metrics.ts'

/** Seconds, or CPU-seconds. */
export const seconds = z.number().nonnegative()
/** A share; from 0 to 1, and more only where a measurement is off. */
export const fraction = z.number()
export const count = z.int().nonnegative()
/** A number in the unit that its name says. */
export const amount = z.number()
/** The kind of process in a trial. */
export const role = z.enum(['target', 'driver', 'backends'])
export const metric = z.enum(metricNames)
/** Words of another program, or names from the plan; never a sentence of lb. */
export const text = z.string()
