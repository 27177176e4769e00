/** A count with its noun: `1 trial`, `5 trials`. For nouns whose plural ends in s. */
export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
