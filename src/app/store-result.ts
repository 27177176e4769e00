import { relative } from 'node:path'
import { reports } from '../../reports/formats/index.ts'
import { rendered } from '../../reports/formats/rendered.ts'
import type { Invocation } from '../cli/invocation.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import { type Output, writeOutput } from '../kit/output.ts'
import type { ResultDocument } from '../result/document.ts'
import { writeResult } from '../result/write.ts'
import { historyFolder, storeRun } from '../store/history.ts'
import { checkFolder, storeLast } from '../store/last-run.ts'
import { lbFolder } from '../store/lb-folder.ts'

/** Where a result is stored besides standard output. */
export interface Destinations {
  /** The file of --output; its extension decides the format. */
  readonly output?: Output | undefined
  /** `--keep`: also in the history; `--no-keep`: not at all; undefined: as the last run. */
  readonly keep?: boolean | undefined
}

/** Where a result was stored, and what failed: a result is printed in any case. */
export interface Stored {
  readonly files: readonly string[]
  readonly errors: readonly Error[]
  /** Whether the result should have been kept as the last run, and could not be. */
  readonly isLost: boolean
}

/**
 * Checks, before a long run, whether its result can be kept.
 *
 * @throws {UsageError} `--keep`, and the folder cannot be written
 */
export async function checkKeep(keep: boolean | undefined): Promise<void> {
  if (keep === true) await checkFolder(historyFolder(process.cwd()))
}

/** Stores a result at each of its destinations. An error at one of them does not keep it from the others. */
export async function storeResult(
  document: ResultDocument,
  { output, keep }: Destinations,
): Promise<Stored> {
  const files: string[] = []
  const errors: Error[] = []
  const attempt = async (store: () => Promise<string>) => {
    try {
      files.push(await store())
    } catch (error) {
      errors.push(error as Error)
    }
  }
  // A run without a trial leaves the last one in place.
  const isKept = keep !== false && document.trials.length > 0
  if (isKept) await attempt(() => storeLast(document, lbFolder(process.cwd())))
  const isLost = errors.length > 0
  if (keep === true && document.complete) {
    await attempt(async () => {
      await storeRun(document, historyFolder(process.cwd()))
      return historyFolder(process.cwd())
    })
  }
  if (output !== undefined) await attempt(() => writeAs(document, output))
  return { files, errors, isLost }
}

/**
 * Reports, as the last lines, what could not be stored, where the result is, and what to do with it. A last run that
 * cannot be kept is a warning: nobody asked for it.
 */
export function reportStored(
  { files, errors }: Pick<Stored, 'files' | 'errors'>,
  { output, keep }: Destinations,
  { fail, note }: Pick<Invocation, 'fail' | 'note'>,
): void {
  const wanted = output !== undefined || keep === true
  for (const error of errors) {
    if (wanted) fail(error)
    else note(`warning: the result is not kept: ${error.message}`)
  }
  const [file] = files.map((one) => relative(process.cwd(), one) || '.').toReversed()
  if (file === undefined) return
  const again = keep === false ? `lb report ${file}` : 'lb report'
  const next = keep === false ? `lb compare ${file} LATER.json` : 'lb compare'
  note(
    `stored in ${file}: "${again}" shows it again, "${again} --output report.html" draws it; after the next run, "${next}" compares the two`,
  )
}

async function writeAs(document: ResultDocument, output: Output): Promise<string> {
  const report = reports.find(({ extension }) => output.path.endsWith(extension))
  if (report === undefined || report.format === 'json') await writeResult(document, output)
  else await writeOutput(output, await rendered(report.format, document, fileRenderOptions))
  return output.path
}
