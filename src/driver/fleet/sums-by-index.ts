/** The sums of numbers with the same index; a list that is shorter counts as 0 beyond its end. */
export function sumsByIndex(lists: readonly (readonly number[])[]): number[] {
  const length = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length }, (_, i) => lists.reduce((sum, list) => sum + (list[i] ?? 0), 0))
}
