import type { Frame, Profile } from '../profile.ts'

/**
 * Folded stacks: one line for each stack, its frames from the root separated by semicolons, and its value. Read by
 * flamegraph.pl, inferno and speedscope.
 */
export function foldedStacks({ frames, samples }: Profile): string {
  const names = frames.map(label)
  const values = new Map<string, number>()
  for (const { stack, value } of samples) {
    const line = stack.map((index) => names[index]).join(';')
    values.set(line, (values.get(line) ?? 0) + value)
  }
  return [...values].map(([line, value]) => `${line} ${Math.round(value)}\n`).join('')
}

/** `pick (balancer/proxy/attempt.js:41)`; a semicolon or a line break in a name would begin another frame. */
function label({ name, file, line }: Frame): string {
  const text = file === '' ? name : `${name} (${file}:${line})`
  return text.replaceAll(';', ',').replace(/\s+/g, ' ')
}
