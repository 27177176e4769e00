import { join } from 'node:path'
import { ownersOnly, writeOutput } from '../kit/output.ts'
import { openFolder } from './open-folder.ts'

/** A profile to keep: its file name and its bytes. */
export interface ProfileFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * Keeps the profiles of the last run beside its result, in the folder `profiles` of `folder`, readable by their owner only;
 * returns their paths. A result has their summary only: one profile may have a million stacks.
 *
 * @throws {UsageError} the folder cannot be written, or a profile is a symbolic link
 */
export async function storeProfiles(
  files: readonly ProfileFile[],
  folder: string,
): Promise<string[]> {
  await openFolder(folder)
  const profiles = join(folder, 'profiles')
  await openFolder(profiles)
  const paths: string[] = []
  for (const { name, bytes } of files) {
    const path = join(profiles, name)
    // Not through a link: whoever made the folder, such as the author of a clone, decides where it leads.
    await writeOutput({ path, force: true }, bytes, ownersOnly)
    paths.push(path)
  }
  return paths
}
