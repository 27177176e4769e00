/** The words of a line as a POSIX shell splits them, up to a comment, a pipe or a redirection. Quotes are removed. */
export function shellWords(line: string): string[] {
  const words: string[] = []
  const token = /\s*(?:(#.*|[|><;&].*)$|((?:'[^']*'|"[^"]*"|\\.|[^\s'"\\|><;&])+))/y
  for (;;) {
    const [, end, word] = token.exec(line) ?? []
    if (end !== undefined || word === undefined) return words
    words.push(word.replaceAll(/'([^']*)'|"([^"]*)"|\\(.)/g, '$1$2$3'))
  }
}
