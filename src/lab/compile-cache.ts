import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/**
 * The environment with which a process of `lb`, and its threads, use the compile cache of this process: Node's
 * `module.enableCompileCache` concerns one thread only. Compiling is a third of the start of a process. Empty where there is no
 * cache, and where the user has set one.
 */
export function compileCache(): Readonly<Record<string, string>> {
  const folder = getCompileCacheDir()
  if (folder === undefined || process.env.NODE_COMPILE_CACHE !== undefined) return {}
  // The last part is that of this version of Node, which Node adds itself.
  return { NODE_COMPILE_CACHE: dirname(folder) }
}
