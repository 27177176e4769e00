import { boolean } from '@oclif/core/flags'

/** `--keep` and `--no-keep` of a result without a history. */
export const keepLastFlag = boolean({
  helpGroup: 'OUTPUT',
  summary: 'Store the result as .lb/last.json, which "lb report" shows; --no-keep: not at all.',
  allowNo: true,
  default: true,
})
