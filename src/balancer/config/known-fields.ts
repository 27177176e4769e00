import type { z } from 'zod'
import { balancerSchema } from './balancer-schema.ts'

/** The parts of a schema that lead to the schemas in it. */
interface SchemaParts {
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly element?: z.ZodType
  readonly def: { readonly innerType?: z.ZodType }
}

/** The names of the fields that the configuration may have at `path`; none where it has no fields there. */
export function fieldsAt(path: readonly PropertyKey[]): string[] {
  let schema: z.ZodType | undefined = unwrapped(balancerSchema)
  for (const key of path) {
    const { shape, element } = schema as unknown as SchemaParts
    const inner: z.ZodType | undefined = typeof key === 'number' ? element : shape?.[String(key)]
    if (inner === undefined) return []
    schema = unwrapped(inner)
  }
  return Object.keys((schema as unknown as SchemaParts).shape ?? {})
}

/** The schema below defaults and the like. */
function unwrapped(schema: z.ZodType): z.ZodType {
  const { innerType } = (schema as unknown as SchemaParts).def
  return innerType === undefined ? schema : unwrapped(innerType)
}
