import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The directories of a cgroup controller for this process: its own cgroup first, then its ancestors up to the root. */
export interface CgroupFolders {
  readonly version: 1 | 2
  readonly folders: readonly string[]
}

/**
 * The directories of the cgroup that this process is in; undefined where cgroups are not mounted
 * in their usual place. In a container the path in /proc is the host's and may not exist: then the
 * root of the mount is the container's own cgroup. `root` is the root of the file system. cgroups(7).
 */
export function cgroupFolders(controller: string, root = '/'): CgroupFolders | undefined {
  const lines = readTextOrEmpty(join(root, 'proc/self/cgroup')).split('\n')
  const first = cgroupPath(lines, (names) => names.split(',').includes(controller))
  const mountOfV1 = join(root, 'sys/fs/cgroup', controller)
  if (first !== undefined && existsSync(mountOfV1))
    return { version: 1, folders: withAncestors(mountOfV1, first) }
  const second = cgroupPath(lines, (names) => names === '')
  const mountOfV2 = join(root, 'sys/fs/cgroup')
  if (second === undefined || !existsSync(join(mountOfV2, 'cgroup.controllers'))) return undefined
  return { version: 2, folders: withAncestors(mountOfV2, second) }
}

/** The path in the line `hierarchy:controllers:path` whose controllers match. */
function cgroupPath(lines: readonly string[], matches: (controllers: string) => boolean) {
  const line = lines
    .map((text) => text.split(':'))
    .find(([, names]) => names !== undefined && matches(names))
  return line?.slice(2).join(':')
}

function withAncestors(mount: string, path: string): string[] {
  const folders: string[] = []
  for (let at = path; at !== '/' && at.startsWith('/'); at = dirname(at))
    folders.push(join(mount, at))
  return [...folders, mount].filter((folder) => existsSync(folder))
}

/** The text of a file of the kernel; empty where it does not exist. */
export function readTextOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
