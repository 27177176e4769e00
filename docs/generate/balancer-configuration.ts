import { balancerSchema } from '../../src/balancer/config/balancer-schema.ts'
import { logVariables } from '../../src/balancer/config/log-format.ts'
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

## Access log

Lines of \`json\`, the default, have the fields

${markdownTable(
  ['field', 'meaning'],
  jsonFields.map(([name, meaning]) => [`\`${name}\``, meaning]),
)}

\`common\` and \`combined\` are the formats of Apache and nginx, in UTC. A template has variables, as \`$NAME\` or \`\${NAME}\`:

${markdownTable(
  ['variable', 'meaning'],
  [
    ...Object.entries(logVariables).map(([name, meaning]) => [`\`$${name}\``, meaning]),
    [
      '`$http_NAME`',
      'field of the request: `$http_user_agent` is User-Agent, the first where there are several',
    ],
  ],
)}

No client can forge a line: quotes, backslashes, control characters and bytes beyond ASCII of values are written as \`\\xHH\`, nothing is \`-\`. A
template that begins with \`{\` is JSON: values are escaped as in JSON, nothing is empty, and text must be in quotes. If lines had to be dropped, the next one
says how many: \`{"time":…,"dropped":N}\` in JSON, \`# TIME dropped N lines\` otherwise. \`$http_authorization\` and \`$http_cookie\` put secrets into the file.
`
}

/** Fields of the format `json`: those of `Access` in src/balancer/io/access.ts. */
const jsonFields = [
  [
    'time',
    logVariables.time_iso8601
      .replace('+00:00', '.000Z')
      .replace('the same as', 'when the request ended:'),
  ],
  ['worker', logVariables.worker],
  ['client', logVariables.remote_addr],
  ['method', `${logVariables.request_method}; empty for bytes that are no request`],
  ['target', logVariables.request_uri],
  ['status', 'status of the response; 0 where there was none'],
  ['bytes', logVariables.body_bytes_sent],
  ['seconds', logVariables.request_time],
  ['backend', `${logVariables.upstream_addr}; empty for a local reply`],
  ['reason', `${logVariables.reason}; absent where nothing failed`],
  ['tries', logVariables.tries],
] as const
