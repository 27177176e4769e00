/**
 * The template with each `{name}` replaced by its value. A value of several lines keeps the indentation of the line that it
 * begins. Braces around other names stay, since configurations have many of them.
 */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template
    .split('\n')
    .map((line) => {
      const indent = /^\s*/.exec(line)?.[0] ?? ''
      return line.replaceAll(/\{(\w+)\}/g, (braces, name: string) =>
        Object.hasOwn(values, name) ? String(values[name]).replaceAll('\n', `\n${indent}`) : braces,
      )
    })
    .join('\n')
}
