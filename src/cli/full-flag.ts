import { boolean } from '@oclif/core/flags'

/** `--full`, of every command whose result fits on one screen without it. */
export const fullFlag = boolean({
  helpGroup: 'OUTPUT',
  summary: 'Print all figures, notes and warnings in place of one screen.',
})
