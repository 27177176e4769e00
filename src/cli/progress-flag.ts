import { option } from '@oclif/core/flags'
import type { ProgressMode } from './progress.ts'

/** `--progress`, of every command that measures. */
export const progressFlag = option({
  helpGroup: 'OUTPUT',
  summary:
    'Progress on standard error: live on a terminal, plain (a line every 10 s), or none (default: live on a terminal; otherwise plain, and none with --json).',
  options: ['live', 'plain', 'none'] as const satisfies readonly ProgressMode[],
})()

/** The flags that progress depends on. */
export interface ProgressFlags {
  readonly progress?: ProgressMode | undefined
  readonly 'no-color'?: boolean | undefined
}
