import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { checkSource } from '../balancer/config/check-source.ts'
import type { BalancerSettings } from '../balancer/config/config.ts'
import { type Problem, problemText } from '../balancer/config/problem.ts'
import type { Invocation } from '../cli/invocation.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { printableLines } from '../kit/printable.ts'
import { type ServeFlags, serveConfig } from './serve-config.ts'

/** The result of `lb serve --check-config`. */
export interface ConfigCheck {
  readonly file: string | undefined
  readonly ok: boolean
  readonly problems: readonly { readonly message: string; readonly hint: string }[]
}

/**
 * Checks the configuration that the flags name, with the files that it names: one line of standard error for each
 * problem, and exit code 2. Opens no port and writes no file.
 *
 * @throws {UsageError} a flag cannot be used
 */
export async function checkConfigFile(
  flags: ServeFlags,
  { print, endWith, json, render }: Invocation,
): Promise<ConfigCheck> {
  const source = serveConfig(flags)
  const checked = await checkSource(source)
  const problems = 'problems' in checked ? checked.problems : logProblems(checked.settings)
  const ok = problems.length === 0
  if (ok) print(`${source.file ?? 'flags'}: ok\n`)
  else {
    endWith(exitCodes.usage)
    const lines = problems.map((problem) => `${problemText(problem)}; ${problem.hint}\n`).join('')
    if (!json) process.stderr.write(printableLines(lines, render))
  }
  const shown = problems.map((problem) => ({ message: problemText(problem), hint: problem.hint }))
  return { file: source.file, ok, problems: shown }
}

/** Whether the access log could be written, without writing it. */
function logProblems({ accessLog }: BalancerSettings): Problem[] {
  if (accessLog === undefined) return []
  try {
    accessSync(existsSync(accessLog) ? accessLog : dirname(accessLog), constants.W_OK)
    return []
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const hint = 'name a file in a folder that exists and may be written to'
    return [
      { path: ['accessLog'], message: `accessLog: cannot write ${accessLog} (${code})`, hint },
    ]
  }
}
