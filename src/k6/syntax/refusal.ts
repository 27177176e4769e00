import type { AnyNode } from 'acorn'
import { type Mistake, MistakesError } from '../../kit/errors.ts'
import { lineAt, type SourceModule } from './parse-module.ts'

/** Something in a script that cannot be run as k6 runs it. */
export interface Refusal extends Mistake {
  readonly file: string
  readonly line: number
}

/** A refusal of `node`, with its file and line. */
export function refusal(
  module: SourceModule,
  node: AnyNode,
  reason: string,
  hint: string,
): Refusal {
  const line = lineAt(module.text, node.start)
  return { file: module.file, line, message: `${module.file}, line ${line}: ${reason}`, hint }
}

/**
 * Reports refusals, one on a line, in the order of the source.
 * @throws {MistakesError} there is at least one
 */
export function throwRefusals(refusals: readonly Refusal[]): void {
  const [first, ...others] = refusals.toSorted(
    (one, other) => one.file.localeCompare(other.file) || one.line - other.line,
  )
  if (first !== undefined) throw new MistakesError([first, ...others])
}
