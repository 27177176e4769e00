import { withoutFlags } from '../kit/command-line.ts'

/** Flags that say where a result goes: to repeat a run does not mean to overwrite its files. */
const destinations = {
  valued: ['-o', '--output', '-f', '--format', '--charts', '--max-bytes', '--out', '--progress'],
  plain: ['--force', '--keep', '--no-keep', '--json', '--no-color', '--full'],
}

/** The words of a command without the flags that say where its result goes, and in which form. */
export function withoutDestinations(words: readonly string[]): string[] {
  return withoutFlags(words, destinations)
}

/** The words of the command that measured a run, without its seed and without what says where its result goes. */
export function commandWords({ command }: { readonly command: readonly string[] }): string[] {
  return withoutFlags(command, { ...destinations, valued: [...destinations.valued, '--seed'] })
}
