/** The arms that a line is about: `every arm`, where it is about all. */
export function armNames(
  all: readonly { readonly arm: string }[],
  some: readonly { readonly arm: string }[],
): string {
  const names = [...new Set(some.map(({ arm }) => arm))]
  const every = new Set(all.map(({ arm }) => arm)).size
  return names.length > 1 && names.length === every ? 'every arm' : names.join(', ')
}
