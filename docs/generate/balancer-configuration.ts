import { balancerSchema } from '../../src/balancer/config/balancer-schema.ts'
import { fieldRows } from './schema-rows.ts'
import { markdownTable } from './table.ts'

/** docs/reference/balancer-configuration.md: every field of the reference balancer's configuration. */
export function balancerConfigurationReference(): string {
  return `# Configuration of the reference balancer

A JSON object. \`npx lb bench --target reference --algo round-robin --dump-config\` prints one, \`--base-config\` and \`--head-config\` of
\`npx lb ci\` take parts of it, and \`npx lb serve\` has flags for some fields. Times are seconds. What the features do:
[balancer.md](balancer.md).

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
