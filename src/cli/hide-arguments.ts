import { hideCommand } from '../kit/hide-command.ts'

/**
 * Hides the secrets of the command line in the list of processes, which every user of the host can read: the title of a
 * process takes the place of its arguments. Without secrets it stays as it is.
 */
export function hideArguments(words: readonly string[]): void {
  const hidden = hideCommand(words)
  if (hidden.secrets.length > 0) process.title = ['lb', ...hidden.words].join(' ')
}
