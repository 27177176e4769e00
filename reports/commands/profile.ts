import type { RenderOptions } from '../../src/kit/render-options.ts'
import { wrap } from '../../src/kit/wrap.ts'
import type { ProfileSummary } from '../../src/result/schemas/profile.ts'
import { terminal } from '../layout/terminal.ts'
import { terminalTable } from '../layout/terminal-table.ts'
import { missingProfiles, profileTables } from '../sections/profile.ts'

/** Profiles for a terminal: the hottest functions of each arm, the overhead, the diff of two arms. */
export function profileText(summaries: readonly ProfileSummary[], options: RenderOptions): string {
  const on = terminal(options)
  const parts = summaries.flatMap((summary) => [
    ...profileTables(summary).map((table) => terminalTable(table, on)),
    ...missingProfiles(summary).map((line) => wrap(on.paint.plain(line), options.width, 2)),
  ])
  return `${parts.join('\n\n')}\n`
}
