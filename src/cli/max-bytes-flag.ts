import { count } from './flags.ts'

/** `--max-bytes`, of commands whose report may have to fit into a comment of a code host. */
export const maxBytesFlag = count({
  helpGroup: 'OUTPUT',
  max: 2 ** 30,
  summary: 'Maximum size of the report: markdown is truncated, other formats are refused.',
  helpValue: 'N',
})
