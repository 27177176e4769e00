import { failureReasons } from '../../src/balancer/shared/failure-reasons.ts'
import { markdownTable } from './table.ts'

/** Whether passive health counts a failure with this cause. */
const counts = {
  connection: 'yes',
  exchange: 'yes, after a check',
  lookup: 'no',
  balancer: 'no',
  client: 'no',
} as const

/** docs/reference/failure-reasons.md: every code of the reference balancer's own responses. */
export function failureReasonsReference(): string {
  const rows = Object.entries(failureReasons).map(
    ([code, { status, cause, proxyError, meaning }]) => [
      `\`${code}\``,
      `${status}`,
      meaning,
      counts[cause],
      `\`${proxyError}\``,
    ],
  )
  const head = ['code', 'status', 'meaning', 'counts in passive health', 'Proxy-Status error']
  return `# Failure reasons of the reference balancer

Why the balancer replied itself, or why a response broke off. The code is in the access log (\`reason\`), in
[metrics](metrics.md#of-the-reference-balancer-for-prometheus), in \`GET /backends\`, on standard error, and in Proxy-Status fields:
[balancer.md](balancer.md#failures). *Status* is that of the local reply, where there is one.

${markdownTable(head, rows)}
`
}
