import { hideValue } from './hide-value.ts'
import { isSecretName } from './secret-names.ts'

/** A command line with its secrets hidden: the words, the secrets, and the flags that held them. */
export interface HiddenCommand {
  readonly words: string[]
  readonly secrets: readonly string[]
  readonly flags: readonly string[]
}

/** Hides the secrets of a command line, by its words: `--admin-token VALUE`, `--head-config JSON`, `--command=LINE`. */
export function hideCommand(words: readonly string[]): HiddenCommand {
  const secrets: string[] = []
  const flags: string[] = []
  let last = ''
  const hidden = words.map((word) => {
    const [, flag, value] = /^(--?[a-z][\w-]*)(?:=([\s\S]*))?$/i.exec(word) ?? []
    const owner = flag ?? last
    last = flag ?? ''
    if (flag !== undefined && value === undefined) return word
    const found = hideValue(value ?? word, isSecretName(owner))
    if (found.secrets.length > 0) {
      secrets.push(...found.secrets)
      flags.push(owner)
    }
    return flag === undefined ? found.value : `${flag}=${found.value}`
  })
  return { words: hidden, secrets, flags }
}
