import { printable } from './printable.ts'

/** Words as one line for a shell. */
export function shellLine(words: readonly string[]): string {
  return words.map(quoted).join(' ')
}

/** The words of a command with a flag set to `value`, in place of any value that it had. */
export function withFlag(words: readonly string[], flag: string, value: string): string[] {
  return [...withoutFlags(words, { valued: [flag] }), flag, value]
}

/** The words of a command without some flags: `valued` take a value, as the next word or after `=`. */
export function withoutFlags(
  words: readonly string[],
  {
    valued = [],
    plain = [],
  }: { readonly valued?: readonly string[]; readonly plain?: readonly string[] },
): string[] {
  const kept: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    const name = /^-[a-z]./i.test(word) ? word.slice(0, 2) : word.replace(/=.*/s, '')
    if (valued.includes(name)) {
      // `--flag=value` and `-fvalue` are one word.
      if (name === word) i++
    } else if (!plain.includes(word)) kept.push(word)
  }
  return kept
}

/** A word for a shell; one with control characters in the quotes of POSIX.1-2024, section 2.2.4, which name them. */
function quoted(word: string): string {
  if (printable(word) !== word) {
    const inside = word.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
    return `$'${inside.replaceAll('\r', '\\r').split(/( +)/).map(printable).join('')}'`
  }
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
