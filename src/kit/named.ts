import { nearest } from './nearest.ts'

/** An entry of a registry: listed by its name, found by its name and its aliases. */
export interface Named {
  readonly name: string
  readonly aliases?: readonly string[]
}

/** The name of the entry with the name or alias `typed`; undefined if there is none. */
export function nameOf(typed: string, among: readonly Named[]): string | undefined {
  return among.find(({ name, aliases = [] }) => name === typed || aliases.includes(typed))?.name
}

/** A hint for an unknown name: `did you mean round-robin? it is one of …`. */
export function meant(typed: string, among: readonly Named[]): string {
  const near = nearest(
    typed,
    among.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
  )
  const all = `it is one of ${among.map(({ name }) => name).join(', ')}`
  return near === undefined ? all : `did you mean ${near}? ${all}`
}
