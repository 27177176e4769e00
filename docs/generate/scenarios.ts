import { registry } from '../../src/experiment/run/plan-for.ts'
import { scenarioSchema } from '../../src/plan/scenario.ts'
import { shippedQuestions } from '../../src/plan/scenarios.ts'
import { fieldRows } from './schema-rows.ts'
import { markdownTable } from './table.ts'

/** docs/reference/scenarios.md: every field of a scenario. */
export async function scenariosReference(): Promise<string> {
  const rows = fieldRows(scenarioSchema(registry))
  const shipped = await shippedQuestions()
  return `# Scenario fields

[Writing a scenario](../guide/scenarios.md) explains how to choose them. Durations are written \`5s\`, \`500ms\` or \`2m\`; a plain number
is seconds. Where a list is expected, a single value may stand for a list of one.

${markdownTable(
  ['field', 'type', 'default', 'meaning'],
  rows.map(({ path, type, default: preset, meaning }) => [`\`${path}\``, type, preset, meaning]),
)}

## Scenarios that ship with lb

${markdownTable(
  ['name', 'question'],
  shipped.map(({ name, question }) => [`\`${name}\``, question]),
)}
`
}
