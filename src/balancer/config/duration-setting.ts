import { z } from 'zod'
import { duration } from '../../kit/duration.ts'

const remedy = 'give seconds, or a duration such as 5s, 500ms or 2m'

/** Seconds above 0: as a number, or as a duration with its unit. */
export const seconds = z
  .union(
    [
      z.number().positive(),
      z.string().transform((text, context) => {
        const value = /[a-zµ]\s*$/.test(text) ? duration(text) : undefined
        if (value !== undefined && value > 0) return value
        context.addIssue(remedy)
        return z.NEVER
      }),
    ],
    { error: remedy },
  )
  .meta({ accepts: 'a duration, or seconds' })
