import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The file of a module that runs as a process or thread: `.ts` in the sources, `.js` in the build. */
export function modulePath(name: string, base: string): string {
  return fileURLToPath(new URL(`${name}${extensionOf(base)}`, base))
}

/** Whether the module at `base` runs compiled or from TypeScript source. */
export function build(base: string): 'compiled' | 'source' {
  return extensionOf(base) === '.js' ? 'compiled' : 'source'
}

/** Of a URL, which may have a query: test runners add one. */
function extensionOf(url: string): string {
  return extname(new URL(url).pathname)
}
