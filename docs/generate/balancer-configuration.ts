import { balancerSchema } from '../../src/balancer/config/balancer-schema.ts'
import { fieldRows } from './schema-rows.ts'
import { markdownTable } from './table.ts'

/** docs/reference/balancer-configuration.md: every field of the reference balancer's configuration. */
export function balancerConfigurationReference(): string {
  return `# Configuration of the reference balancer

A YAML or JSON file for \`npx lb serve --config FILE\`; \`--check-config\` checks it. Flags of \`npx lb serve\` override its fields, and
\`LB_ADMIN_TOKEN\` its \`admin.token\`. \`npx lb bench --target reference --algo round-robin --dump-config\` prints one, and \`--base-config\` and
\`--head-config\` of \`npx lb ci\` take parts of it. Times are seconds, or a text with a unit, such as \`500ms\`. Names of files are relative to the working
directory. What the features do: [balancer.md](balancer.md).

${markdownTable(
  ['field', 'type', 'default', 'meaning'],
  fieldRows(balancerSchema).map(({ path, type, default: preset, meaning }) => [
    `\`${path}\``,
    type,
    preset,
    meaning,
  ]),
)}
`
}
