import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A controller's folders for this process: its own cgroup first, then each above it, up to the top. */
export interface CgroupFolders {
  readonly version: 1 | 2
  readonly folders: readonly string[]
}

/**
 * Where the kernel tells of the cgroup that this process is in; undefined where cgroups are not mounted
 * in their usual place. In a container the path in /proc is the host's and may lead nowhere: then the
 * top of the mount is the container's own. `root` is the file system's root. cgroups(7).
 */
export function cgroupFolders(controller: string, root = '/'): CgroupFolders | undefined {
  const lines = readTextOrEmpty(join(root, 'proc/self/cgroup')).split('\n')
  const first = pathOf(lines, (names) => names.split(',').includes(controller))
  const mountOfV1 = join(root, 'sys/fs/cgroup', controller)
  if (first !== undefined && existsSync(mountOfV1))
    return { version: 1, folders: upFrom(mountOfV1, first) }
  const second = pathOf(lines, (names) => names === '')
  const mountOfV2 = join(root, 'sys/fs/cgroup')
  if (second === undefined || !existsSync(join(mountOfV2, 'cgroup.controllers'))) return undefined
  return { version: 2, folders: upFrom(mountOfV2, second) }
}

/** The path in the line `hierarchy:controllers:path` whose controllers match. */
function pathOf(lines: readonly string[], matches: (controllers: string) => boolean) {
  const line = lines
    .map((text) => text.split(':'))
    .find(([, names]) => names !== undefined && matches(names))
  return line?.slice(2).join(':')
}

function upFrom(mount: string, path: string): string[] {
  const folders: string[] = []
  for (let at = path; at !== '/' && at.startsWith('/'); at = dirname(at))
    folders.push(join(mount, at))
  return [...folders, mount].filter((folder) => existsSync(folder))
}

/** The text of a file of the kernel, '' where there is none. */
export function readTextOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
