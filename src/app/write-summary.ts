import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ProcessError } from '../kit/errors.ts'
import { writeOutput } from '../kit/output.ts'
import { printable } from '../kit/printable.ts'
import type { LoadResult } from '../result/schemas/load.ts'
import type { K6Script } from './k6-script.ts'
import { k6Summary } from './k6-summary.ts'

/**
 * Calls `handleSummary` of a script that has one, and writes what it returns as k6 does: each file, over one that is there,
 * but not through a link. Its texts for `stdout` and `stderr` go to standard error, so that they are no part of lb's report.
 *
 * @throws {ProcessError} it failed, or a file cannot be written
 */
export async function writeSummary(script: K6Script, result: LoadResult): Promise<void> {
  const texts = await script.summary(JSON.stringify(k6Summary(result)))
  for (const [name, text] of Object.entries(texts)) {
    if (name === 'stdout' || name === 'stderr') {
      process.stderr.write(text.split('\n').map(printable).join('\n'))
      continue
    }
    const file = resolve(name)
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeOutput({ path: file, force: true }, text)
    } catch (error) {
      throw new ProcessError(
        `handleSummary() of the script: ${file} cannot be written`,
        (error as Error).message,
      )
    }
  }
}
