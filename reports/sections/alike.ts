/** A number that stands by itself: not the 99 of p99, nor the 2 of ×2. */
const figure = /(?<![\p{L}\d.,×])\d+(?:[.,]\d+)*/gu

/** What sentences have in common that differ by their figures only. */
export function patternOf(sentence: string): string {
  return sentence.replace(figure, '#')
}

/** Sentences of one pattern as one, with the reach of each figure: `used 94 to 99 % of it`. */
export function together(sentences: readonly string[]): string {
  const [first = ''] = sentences
  const figures = sentences.map((sentence) => sentence.match(figure) ?? [])
  let place = 0
  return first.replace(figure, (own) => {
    const all = figures.map((found) => found[place] ?? own).toSorted((a, b) => size(a) - size(b))
    place++
    const [least = own, most = own] = [all[0], all.at(-1)]
    return least === most ? own : `${least} to ${most}`
  })
}

function size(figure: string): number {
  return Number(figure.replaceAll(',', ''))
}
