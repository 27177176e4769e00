import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of stored results of a project: `.lb` in the nearest folder with `.lb`, otherwise with `.git`, otherwise in `from`. */
export function lbFolder(from: string): string {
  return join(nearestWith(from, '.lb') ?? nearestWith(from, '.git') ?? from, '.lb')
}

function nearestWith(from: string, name: string): string | undefined {
  if (isOwn(join(from, name))) return from
  const above = dirname(from)
  return above === from ? undefined : nearestWith(above, name)
}

/** Whether it exists and belongs to this user: in a shared folder such as /tmp, others could offer one. */
function isOwn(path: string): boolean {
  return existsSync(path) && statSync(path).uid === process.getuid?.()
}
