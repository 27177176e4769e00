import { z } from 'zod'

export const count = z.int().nonnegative()
export const seconds = z.number().nonnegative()
export const bytes = z.number().nonnegative()
/** An HDR histogram of whole microseconds: V2, compressed, base64. */
export const histogram = z.base64()
/** The part that had nothing left: `none` where no part was saturated. */
export const bottleneck = z.enum(['target', 'driver', 'backends', 'host', 'none'])
