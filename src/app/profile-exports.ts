import { flameGraphPage } from '../../reports/flame-graph/flame-graph-page.ts'
import { UsageError } from '../kit/errors.ts'
import { type Output, writeOutput } from '../kit/output.ts'
import { cpuProfileFile } from '../profile/export/cpu-profile-file.ts'
import { foldedStacks } from '../profile/export/folded.ts'
import { type NamedProfile, speedscopeFile } from '../profile/export/speedscope.ts'
import { encodePprof } from '../profile/pprof.ts'
import type { ProfileSummary } from '../result/schemas/profile.ts'

/** The profiles of one kind, of all arms, and what their figures are. */
export interface ProfilesToExport {
  readonly summary: ProfileSummary
  readonly profiles: readonly NamedProfile[]
}

/** Formats that hold one profile: two arms are two files. */
const single = {
  '.pb.gz': ({ profile }: NamedProfile) => encodePprof(profile),
  '.cpuprofile': ({ profile }: NamedProfile) => cpuProfileFile(profile),
  '.folded': ({ profile }: NamedProfile) => foldedStacks(profile),
}

/** Formats that hold all of them. */
const several = {
  '.speedscope.json': ({ profiles }: ProfilesToExport) => speedscopeFile(profiles, 'lb profile'),
  '.html': (all: ProfilesToExport) => flameGraphPage(all.summary, all.profiles),
}

type Ending = keyof typeof single | keyof typeof several
const endings = [...Object.keys(single), ...Object.keys(several)] as Ending[]

/**
 * Checks that the ending of each file names a format.
 *
 * @throws {UsageError} one does not
 */
export function checkEndings(files: readonly string[]): void {
  for (const file of files) endingOf(file)
}

/**
 * Writes profiles to the files, in the formats that their endings name; returns the files.
 *
 * @throws {UsageError} a file exists, or cannot be written
 */
export async function exportProfiles(
  all: ProfilesToExport,
  outputs: readonly Output[],
): Promise<string[]> {
  const written: string[] = []
  for (const { path, force } of outputs) {
    for (const { file, content } of contentsOf(all, path)) {
      await writeOutput({ path: file, force }, content)
      written.push(file)
    }
  }
  return written
}

function contentsOf(
  all: ProfilesToExport,
  path: string,
): { readonly file: string; readonly content: string | Uint8Array }[] {
  const ending = endingOf(path)
  if (ending in several) {
    return [{ file: path, content: several[ending as keyof typeof several](all) }]
  }
  const contentOf = single[ending as keyof typeof single]
  const [only, ...others] = all.profiles
  if (only !== undefined && others.length === 0) return [{ file: path, content: contentOf(only) }]
  const stem = path.slice(0, -ending.length)
  return all.profiles.map((one) => ({
    file: `${stem}.${fileName(one.name)}${ending}`,
    content: contentOf(one),
  }))
}

/** The name of an arm as a part of a file name: `round-robin ×1` is `round-robin-x1`. */
export function fileName(arm: string): string {
  return arm.replaceAll('×', 'x').replace(/[^\w.-]+/g, '-')
}

function endingOf(file: string): Ending {
  const found = endings.find((ending) => file.endsWith(ending))
  if (found !== undefined) return found
  throw new UsageError(
    `the ending of ${file} names no format of profiles`,
    `use one of ${endings.join(', ')}`,
  )
}
