import { count } from './flags.ts'
import type { ProgressFlags } from './progress-flag.ts'

/** `--live` and `--live=PORT`, of commands whose run can be followed in a browser; 0: the kernel chooses the port. */
export const liveFlag = count({
  helpGroup: 'OUTPUT',
  summary:
    'Serve a page on 127.0.0.1 that follows the run, and print its address; --live alone: at a free port. It ends with the command.',
  helpValue: 'PORT',
  min: 0,
  max: 65_535,
})

/** The flags that the live view depends on. */
export interface LiveFlags extends ProgressFlags {
  readonly live?: number | undefined
  readonly 'fail-on'?: readonly string[] | undefined
}

/** The arguments with a value for a `--live` without one, which the parser of flags would refuse. */
export function withLivePort(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.map((word, i) => (word === '--live' && (end < 0 || i < end) ? '--live=0' : word))
}
