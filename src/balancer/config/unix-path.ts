/** The path in `unix:/path`. Apart from the schema, which the main thread does not load. */
export function unixPath(listen: string): string {
  return listen.slice('unix:'.length)
}
