import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

/** Permission bits of a folder that others may write to, and the one by which only owners may rename in it. */
const [writableByOthers, sticky] = [0o022, 0o1000]

/**
 * The folder of Node's compile cache, created with mode 0700: `lb` in XDG_CACHE_HOME, or in ~/.cache. Node runs the
 * code in it unseen, so it must belong to this user and be closed to others, and no folder above may let others
 * replace it. Where that does not hold, undefined: no cache.
 */
export function compileCacheFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { XDG_CACHE_HOME: cache = '' } = env
  const folder = join(isAbsolute(cache) ? cache : join(homedir(), '.cache'), 'lb', 'compiled')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const user = process.getuid?.()
    const { uid, mode } = lstatSync(folder)
    const own = uid === user && (mode & 0o077) === 0
    return own && isProtected(dirname(realpathSync(folder)), user) ? folder : undefined
  } catch {
    return undefined
  }
}

/** Whether only this user and root can replace entries of this folder and of those above. */
function isProtected(folder: string, user: number | undefined): boolean {
  const { uid, mode } = lstatSync(folder)
  const trusted = uid === user || uid === 0
  const closed = (mode & writableByOthers) === 0 || (mode & sticky) !== 0
  if (!trusted || !closed) return false
  const above = dirname(folder)
  return above === folder || isProtected(above, user)
}
