import { z } from 'zod'
import { wrongReferences } from './references.ts'

/**
 * A schema of a file in this folder that also finds the names in it that refer to nothing, whatever other mistakes the file
 * has: see `wrongReferences`.
 */
export function withReferences<Schema extends z.ZodType>(schema: Schema, folder: string) {
  return z.unknown().transform((value, context): z.output<Schema> => {
    const read = schema.safeParse(value)
    for (const issue of read.error?.issues ?? []) {
      // They are complete: Zod's types know only those that it still has to word.
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue)
    }
    for (const { path, remedy } of wrongReferences(value, folder)) {
      context.issues.push({ code: 'custom', path: [...path], message: remedy, input: value })
    }
    return read.success ? read.data : z.NEVER
  })
}
