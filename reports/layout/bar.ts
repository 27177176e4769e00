/** A horizontal bar from 0: as many cells of `width` as `value` is of `max`, at least one. */
export function bar(value: number, max: number, width: number): string {
  if (!(value > 0) || !(max > 0)) return ''
  const halves = Math.max(1, Math.round((2 * width * Math.min(value, max)) / max))
  return `${'█'.repeat(Math.floor(halves / 2))}${halves % 2 === 1 ? '▌' : ''}`
}
