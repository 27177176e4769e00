/** A rule about a configuration: something that it must have, or must not have, for a fair comparison. */
export interface LintRule {
  readonly must: 'have' | 'not have'
  readonly pattern: RegExp
  /** The warning where the rule is broken: a full sentence. */
  readonly warning: string
}

/** The warnings about a configuration. Comments, from `#` to the end of the line, are ignored. */
export function lintConfig(configuration: string, rules: readonly LintRule[]): string[] {
  const effective = configuration.replaceAll(/#.*$/gm, '')
  return rules
    .filter(({ must, pattern }) => pattern.test(effective) !== (must === 'have'))
    .map(({ warning }) => warning)
}
