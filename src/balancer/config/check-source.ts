import type { LbError } from '../../kit/errors.ts'
import { plural } from '../../kit/plural.ts'
import type { BalancerSettings } from './config.ts'
import { type ConfigSource, readConfig } from './config-source.ts'
import type { Problem } from './problem.ts'
import { readTlsFiles, type TlsFiles } from './tls-identity.ts'
import { validate } from './validate.ts'

/** A configuration that can be used, with the content of the files of certificates that it names; or its problems. */
export type CheckedSource =
  | { readonly settings: BalancerSettings; readonly tls: TlsFiles | undefined }
  | { readonly problems: readonly [Problem, ...Problem[]] }

/** Reads and checks a configuration and the files that it names. Opens no socket, and never throws for bad input. */
export async function checkSource(source: ConfigSource): Promise<CheckedSource> {
  try {
    const { config, locate } = await readConfig(source)
    const found = validate(config)
    if ('problems' in found) return located(found.problems, locate)
    const { settings } = found
    if (settings.tls === undefined) return { settings, tls: undefined }
    const read = readTlsFiles(settings.tls)
    if ('files' in read) return { settings, tls: read.files }
    return located(read.problems, locate)
  } catch (error) {
    const { message, hint } = error as LbError
    if (hint === undefined) throw error
    return { problems: [{ path: [], where: '', message, hint }] }
  }
}

/** Problems that are shown: more would not be read, and each takes a search for its line. */
const maxProblems = 100

function located(
  problems: readonly Problem[],
  locate: (problem: Problem) => Problem,
): { readonly problems: [Problem, ...Problem[]] } {
  const [first, ...others] = problems.slice(0, maxProblems).map(locate)
  const left = problems.length - maxProblems
  if (left > 0) {
    const message = `${plural(left, 'further problem')} not shown`
    others.push({ path: [], where: '', message, hint: 'correct those above' })
  }
  return { problems: [first as Problem, ...others] }
}
