/** A setting of a configuration that makes a comparison unfair: a code and its figures, which reports word. */
export type ConfigWarning =
  | {
      code:
        | 'config-compresses'
        | 'config-logs-requests'
        | 'config-closes-connections'
        | 'config-seldom-shares-connections'
        | 'config-http-1.0'
      values: { setting: string; state: 'set' | 'missing' }
    }
  | { code: 'config-workers'; values: { setting: string; workers: number } }

/** A rule about a configuration: a setting that it must have, or must not have, for a fair comparison. */
export type LintRule = {
  readonly must: 'have' | 'not have'
  readonly pattern: RegExp
  readonly setting: string
} & (
  | { readonly code: Exclude<ConfigWarning['code'], 'config-workers'> }
  | { readonly code: 'config-workers'; readonly workers: number }
)

/** The warnings about a configuration. Comments, from `#` to the end of the line, are ignored. */
export function lintConfig(configuration: string, rules: readonly LintRule[]): ConfigWarning[] {
  const effective = configuration.replaceAll(/#.*$/gm, '')
  return rules
    .filter(({ must, pattern }) => pattern.test(effective) !== (must === 'have'))
    .map(warningOf)
}

function warningOf(rule: LintRule): ConfigWarning {
  const { code, setting, must } = rule
  return code === 'config-workers'
    ? { code, values: { setting, workers: rule.workers } }
    : { code, values: { setting, state: must === 'have' ? 'missing' : 'set' } }
}
