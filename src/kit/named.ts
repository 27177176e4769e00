import { nearest } from './nearest.ts'

/** Something in a registry: it is listed by its name, and found by its aliases too. */
export interface Named {
  readonly name: string
  readonly aliases?: readonly string[]
}

/** The name of the one that `typed` names, by itself or by an alias; undefined where there is none. */
export function nameOf(typed: string, among: readonly Named[]): string | undefined {
  return among.find(({ name, aliases = [] }) => name === typed || aliases.includes(typed))?.name
}

/** What to type instead: `did you mean round-robin? it is one of …`. */
export function meant(typed: string, among: readonly Named[]): string {
  const near = nearest(
    typed,
    among.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
  )
  const all = `it is one of ${among.map(({ name }) => name).join(', ')}`
  return near === undefined ? all : `did you mean ${near}? ${all}`
}
