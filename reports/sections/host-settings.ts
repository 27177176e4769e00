import type { ResultDocument } from '../../src/result/document.ts'
import type { TextTable } from '../layout/text-table.ts'

/** The settings of the host that tuning guides change, which lb reads only; none where a run has not read them. */
export function hostSettingTables({ tune }: ResultDocument): TextTable[] {
  const { host = [] } = tune ?? {}
  if (host.length === 0) return []
  return [
    {
      title: 'Settings of this host: read, never changed',
      head: ['setting', 'now', 'advised', 'command that changes it'],
      rows: host.map(({ name, now, advised, change }) => [name, now, advised, change]),
      notes: [
        'advised: the value of most guides, not one that helped here. docs/guide/tuning.md has commands that measure each without root.',
      ],
      dropOrder: [['advised']],
    },
  ]
}
