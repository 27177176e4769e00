import { z } from 'zod'
import type { CallFrame } from './frame-of.ts'

/** The schema of a function: `Runtime.CallFrame` of the DevTools protocol. */
export const callFrame: z.ZodType<CallFrame> = z.object({
  functionName: z.string(),
  url: z.string(),
  lineNumber: z.number(),
})
