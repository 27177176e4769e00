import { z } from 'zod'
import { logFormatProblem } from './log-format.ts'

/** The format of the access log. */
export const accessLogFormat = z.string().superRefine((format, context) => {
  const problem = logFormatProblem(format)
  if (problem !== undefined) context.addIssue(problem)
})
