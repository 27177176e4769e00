/** A line with `right` at its end, in so many columns. */
export function rightAligned(left: string, right: string, width: number): string {
  return `${left}${' '.repeat(Math.max(2, width - left.length - right.length))}${right}`
}
