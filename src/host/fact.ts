import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fact of the host, or why it could not be read: `/proc/sys/net/core/somaxconn: ENOENT`. */
export type Fact<Value> = { readonly value: Value } | { readonly why: string }

/** The text of a file of the kernel as a fact, without blanks at its ends. `path` is relative to `root`, the root of the file system. */
export function textFact(root: string, path: string): Fact<string> {
  try {
    return { value: readFileSync(join(root, path), 'utf8').trim() }
  } catch (error) {
    return { why: `/${path}: ${(error as NodeJS.ErrnoException).code ?? 'error'}` }
  }
}

/** A fact that follows from a text; unknown where `parse` finds nothing in it. */
export function parsedFact<Value>(
  root: string,
  path: string,
  parse: (text: string) => Value | undefined,
): Fact<Value> {
  const text = textFact(root, path)
  if ('why' in text) return text
  const value = parse(text.value)
  return value === undefined ? { why: `/${path}: not as expected` } : { value }
}

/** The integer of a file; undefined where there is none. */
export function integerIn(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined
}

/** The names in a folder; none where it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
