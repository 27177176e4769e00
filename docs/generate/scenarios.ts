import Bench from '../../commands/bench.ts'
import { registry } from '../../src/experiment/run/plan-for.ts'
import { namesOf } from '../../src/plan/field-names.ts'
import { scenarioSchema } from '../../src/plan/scenario.ts'
import { shippedQuestions } from '../../src/plan/scenarios.ts'
import { fieldRows } from './schema-rows.ts'
import { markdownTable } from './table.ts'

/** docs/reference/scenarios.md: every field of a scenario. */
export async function scenariosReference(): Promise<string> {
  const rows = fieldRows(scenarioSchema(registry))
  const shipped = await shippedQuestions()
  return `# Scenario fields

[Writing a scenario](../guide/scenarios.md) explains how to choose them. A flag of \`lb bench\` takes precedence over the field in its
row, and both take the same values: durations are written \`5s\`, \`500ms\` or \`2m30s\`, and a number alone is no duration; lists may be
written \`[1, 2]\` or \`1,2\`, and a single value stands for a list of one. A field may also have the name of its flag: \`algo\` for
\`algorithms\`, \`max-time\` for \`maxTime\`; \`least\` and \`most\` stand for \`min\` and \`max\`. All mistakes of a file are reported
at once, each with its line.

${markdownTable(
  ['field', 'flag', 'type', 'default', 'meaning'],
  rows.map(({ path, type, default: preset, meaning }) => [
    `\`${path}\``,
    flagOf(path),
    type,
    preset,
    meaning,
  ]),
)}

## Scenarios that ship with lb

${markdownTable(
  ['name', 'question'],
  shipped.map(({ name, question }) => [`\`${name}\``, question]),
)}
`
}

/** The flag of `lb bench` that overrides a field. */
function flagOf(path: string): string {
  const names = namesOf(path.replace(/^request\./, ''))
  const flag = Object.keys(Bench.flags).find((name) => names.includes(name))
  return flag === undefined ? '–' : `\`--${flag}\``
}
