import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A build of lb that is not as fast as ours. */
export interface SlowedBuild {
  readonly root: string
  /** Has its balancer waste so many seconds of CPU on each request from now on. */
  burn(seconds: number): Promise<void>
}

const parts = ['bin', 'dist', 'scenarios', 'package.json'] as const

/** Copies the build in `root` into a new folder; only what its balancer burns unless told is to differ. */
export async function slowedBuild(root: string, folder: string): Promise<SlowedBuild> {
  await mkdir(folder)
  for (const part of parts) await cp(join(root, part), join(folder, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const file = join(folder, 'dist/src/balancer/config/config.js')
  const text = await readFile(file, 'utf8')
  const [before, after] = text.split(/(?<=\bburn: .*\.default\()0(?=\))/)
  if (after === undefined) throw new Error(`${file} says nothing of burn: it was built otherwise`)
  return { root: folder, burn: (seconds) => writeFile(file, `${before}${seconds}${after}`) }
}
