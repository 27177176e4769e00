/** Something that a fair configuration has, or has not. */
export interface LintRule {
  readonly must: 'have' | 'not have'
  readonly pattern: RegExp
  /** What is unfair where it is otherwise: a full sentence. */
  readonly warning: string
}

/** What is unfair in a configuration; comments in it, from `#` to the end of the line, do not count. */
export function lintConfig(configuration: string, rules: readonly LintRule[]): string[] {
  const effective = configuration.replaceAll(/#.*$/gm, '')
  return rules
    .filter(({ must, pattern }) => pattern.test(effective) !== (must === 'have'))
    .map(({ warning }) => warning)
}
