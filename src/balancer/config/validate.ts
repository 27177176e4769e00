import type { z } from 'zod'
import { hashKey } from '../../algorithms/parts/key.ts'
import { UsageError } from '../../kit/errors.ts'
import { algorithmSettings } from './algorithm-settings.ts'
import { backendAddress } from './backend-address.ts'
import { balancerSchema } from './balancer-schema.ts'
import { invalidFields } from './invalid-field.ts'
import { type Problem, problemAt } from './problem.ts'
import { backendValidation } from './validate-backends.ts'

type Settings = z.output<typeof balancerSchema>

/** Settings with all defaults, or everything that is wrong with a configuration. */
export type Validated =
  | { readonly settings: Settings }
  | { readonly problems: readonly [Problem, ...Problem[]] }

/** Checks a configuration against the schema, and then across its fields. */
export function validate(config: unknown): Validated {
  const parsed = balancerSchema.safeParse(config)
  const problems = parsed.success
    ? problemsAcross(parsed.data)
    : parsed.error.issues
        .flatMap((issue) => invalidFields(issue, config))
        // A misspelled field is also a missing one: the misspelling comes first.
        .sort((a, b) => Number(a.missing) - Number(b.missing))
  const [first, ...others] = problems
  if (first !== undefined) return { problems: [first, ...others] }
  return { settings: parsed.data as Settings }
}

function problemsAcross(settings: Settings): Problem[] {
  const { key, rateLimit } = settings
  const algorithm = problemAt(['algorithm'], () =>
    algorithmSettings({ ...settings, parameters: {} }),
  )
  const fields = [
    algorithm ?? problemAt(['parameters'], () => algorithmSettings(settings)),
    problemAt(['key'], () => hashKey(key)),
    rateLimit && problemAt(['rateLimit', 'key'], () => hashKey(rateLimit.key, 'rateLimit.key')),
    ...addressProblems(settings),
    problemAt(['backends'], () => checkWeights(settings)),
  ].filter((problem) => problem !== undefined)
  if (fields.length > 0) return fields
  // Algorithms may reject weights that are valid one by one.
  const set = problemAt(['backends'], () => checkSet(settings))
  return set === undefined ? [] : [set]
}

function addressProblems({ backends }: Settings): (Problem | undefined)[] {
  const ids = new Set<string>()
  return backends.map(({ url }, index) =>
    problemAt(['backends', index, 'url'], () => {
      const { id } = backendAddress(url, `backends.${index}.url`)
      if (ids.has(id)) {
        throw new UsageError(
          `backends.${index}.url: ${id} is listed twice`,
          'list each backend once; to send it more requests, raise its weight',
        )
      }
      ids.add(id)
    }),
  )
}

function checkWeights({ backends }: Settings): void {
  if (backends.some(({ weight }) => weight > 0)) return
  throw new UsageError(
    'backends: all weights are 0',
    'give at least one backend a weight of 1 or more',
  )
}

function checkSet(settings: Settings): void {
  const { backends } = settings
  const { algorithm, parameters } = algorithmSettings(settings)
  backendValidation(algorithm, parameters)(
    backends.map(({ url }) => backendAddress(url).id),
    backends.map(({ weight }) => weight),
  )
}
