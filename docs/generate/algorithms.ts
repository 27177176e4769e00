import type { Algorithm } from '../../src/algorithms/algorithm.ts'
import { algorithms } from '../../src/algorithms/index.ts'
import { markdownTable } from './table.ts'

/** docs/reference/algorithms.md: every algorithm with its parameters. */
export function algorithmsReference(): string {
  return `# Algorithms

All of them are in the reference balancer; [targets.md](../guide/targets.md#algorithms) has their names in other balancers, and
[performance.md](../measurements/performance.md#cost-of-one-pick) what a pick costs. \`npx lb explain NAME\` shows one at work.

${algorithms.map(section).join('\n\n')}
`
}

function section({ name, aliases, summary, source, inputs, cost, state, parameters }: Algorithm) {
  const rows = Object.entries(parameters)
  return [
    `## ${name}\n\n${sentence(summary)}`,
    markdownTable(
      ['', ''],
      [
        ['also called', aliases.map((alias) => `\`${alias}\``).join(', ') || '–'],
        ['inputs', inputs.join(', ') || '–'],
        ['cost of a pick', cost],
        ['state', state],
        ['source', source],
      ],
    ),
    ...(rows.length === 0
      ? []
      : [
          markdownTable(
            ['parameter', 'default', 'range', 'meaning'],
            rows.map(([parameter, { unit, default: preset, min, max, summary: meaning }]) => [
              `\`${parameter}\``,
              withUnit(preset, unit),
              `${min} to ${withUnit(max, unit)}`,
              meaning,
            ]),
          ),
        ]),
  ].join('\n\n')
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function withUnit(value: number, unit: string): string {
  return unit === '' ? String(value) : `${value} ${unit}`
}
