import type { Setting } from './knob.ts'

type Json = string | number | boolean | { readonly [name: string]: Json }

/**
 * How a field of the reference balancer's configuration is set: `path` is its name, such as `limits.pool`, and `of` the
 * value of the field for a text. It is read back from the settings that the running balancer reports.
 */
export function balancerField(
  path: string,
  {
    of,
    ...rest
  }: Pick<Setting, 'default' | 'alternatives' | 'accepts'> & { of(text: string): Json },
): Setting {
  return {
    ...rest,
    turn: (text) => ({
      config: nested(path, of(text)),
      readBack: leaves(path, of(text)).map(([what, value]) => ({
        ...{ from: 'settings' as const, what },
        is: JSON.stringify(value),
      })),
    }),
  }
}

/** `{ a: { b: value } }` for the path `a.b`. */
function nested(path: string, value: Json): Record<string, Json> {
  const [first = '', ...rest] = path.split('.')
  return { [first]: rest.length === 0 ? value : nested(rest.join('.'), value) }
}

/** Each field at or below a path, with its value. */
function leaves(path: string, value: Json): [string, Json][] {
  if (typeof value !== 'object') return [[path, value]]
  return Object.entries(value).flatMap(([name, below]) => leaves(`${path}.${name}`, below))
}
