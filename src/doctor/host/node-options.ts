import type { Check } from './check.ts'

/** Options of Node and V8 that make every process slower, by their name without value. */
const slow: readonly (readonly [option: RegExp, effect: string])[] = [
  [/^--inspect/, 'a debugger can be attached, and code is compiled with its hooks'],
  [/^--(?:cpu|heap)-prof/, 'a profile is taken of every process'],
  [/^--(?:jitless|no-opt|max-lazy|interpreted-frames-native-stack)\b/, 'code is not optimised'],
  [/^--trace-(?!warnings|deprecation|uncaught|exit)/, 'events are traced'],
  [/^--(?:prof|perf-(?:basic-)?prof)\b/, 'V8 writes a log of its code'],
]

/** The lowest version of Node that lb runs on. */
const lowestMajor = 26

/** Node's version, and options that reach every process that lb starts, through NODE_OPTIONS as well. */
export const nodeOptions: Check = {
  name: 'node',
  title: 'Node',
  examine({ node: { version, options } }) {
    const given = options.length === 0 ? 'no options' : options.join(' ')
    const found = `${version}, ${given}`
    const major = Number(version.replace(/^v/, '').split('.')[0])
    if (major < lowestMajor) {
      return {
        state: 'bad',
        found,
        effect: `lb is written for Node ${lowestMajor}, which it brings along: figures of another are not comparable`,
        change: 'npx lb doctor',
        recheck: 'npx lb doctor',
      }
    }
    const effects = slow.flatMap(([pattern, effect]) =>
      options.some((option) => pattern.test(option)) ? [effect] : [],
    )
    if (effects.length === 0) return { state: 'ok', found }
    return {
      state: 'bad',
      found,
      effect: `${effects.join('; ')}: CPU per request of driver, balancer and backends rises`,
      change: 'unset NODE_OPTIONS',
      recheck: 'lb doctor',
    }
  },
}
