/**
 * The template with each `{name}` that `values` has replaced by its value, with the indentation of the line
 * that it begins kept for a value of several lines. Other braces stay: configurations are full of them.
 */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template
    .split('\n')
    .map((line) => {
      const indent = /^\s*/.exec(line)?.[0] ?? ''
      return line.replaceAll(/\{(\w+)\}/g, (braces, name: string) =>
        name in values ? String(values[name]).replaceAll('\n', `\n${indent}`) : braces,
      )
    })
    .join('\n')
}
