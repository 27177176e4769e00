import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { rendered } from '../../reports/formats/rendered.ts'
import type { Invocation } from '../cli/invocation.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import { type Output, writeOutput } from '../kit/output.ts'
import type { StoredResult } from '../kit/stored-result.ts'
import type { ResultDocument } from '../result/document.ts'
import { writeResult } from '../result/write.ts'
import { historyFolder, storeRun } from '../store/history.ts'
import { checkFolder, storeLast } from '../store/last-run.ts'
import { lbFolder } from '../store/lb-folder.ts'
import { outputFormat } from './output-format.ts'
import { storeAttempts } from './store-attempts.ts'

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
  /** Whether it is the last run now. */
  readonly isLast: boolean
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
  const { files, errors, attempt } = storeAttempts()
  // A run without a trial leaves the last one in place.
  const isKept = keep !== false && document.trials.length > 0
  if (isKept) await attempt(() => storeLast(document, lbFolder(process.cwd())))
  const isLost = errors.length > 0
  const isLast = isKept && !isLost
  if (keep === true && document.complete) {
    await attempt(async () => {
      await storeRun(document, historyFolder(process.cwd()))
      return historyFolder(process.cwd())
    })
  }
  if (output !== undefined) await attempt(() => writeAs(document, output))
  return { files, errors, isLast, isLost }
}

/** How a stored result is shown again, for the last lines of its report. */
export function shownAgain(
  { files, isLast }: Stored,
  { output }: Pick<Destinations, 'output'>,
): StoredResult {
  const names = files.map(fromHere)
  const own = output === undefined ? undefined : fromHere(output.path)
  const isWritten = own !== undefined && names.includes(own)
  const document = isWritten && outputFormat(own) === 'json' ? own : undefined
  return {
    files: names,
    shownBy: isLast ? ['report'] : document === undefined ? undefined : ['report', document],
    page: isWritten && outputFormat(own) === 'html' ? undefined : freePage(),
  }
}

/** A name for a page that no file has yet. */
export function freePage(): string {
  let page = 'report.html'
  for (let i = 2; existsSync(page); i++) page = `report-${i}.html`
  return page
}

/**
 * Reports what could not be stored; and, as the last line on standard error, where the result is, unless its report has
 * that. A last run that cannot be kept is a warning: nobody asked for it.
 */
export function reportStored(
  { files, errors }: Pick<Stored, 'files' | 'errors'>,
  {
    output,
    keep,
    isOnScreen = false,
    isComparable = true,
  }: Destinations & {
    readonly isOnScreen?: boolean
    /** Whether "lb compare" reads it. */
    readonly isComparable?: boolean
  },
  { fail, note }: Pick<Invocation, 'fail' | 'note'>,
): void {
  const wanted = output !== undefined || keep === true
  for (const error of errors) {
    if (wanted) fail(error)
    else note(`warning: the result is not kept: ${error.message}`)
  }
  const [file] = files.map(fromHere).toReversed()
  if (file === undefined || isOnScreen) return
  const again = keep === false ? `lb report ${file}` : 'lb report'
  const shown = `stored in ${file}: "${again}" shows it again, "${again} --output report.html" draws it`
  const next = keep === false ? `lb compare ${file} LATER.json` : 'lb compare'
  note(isComparable ? `${shown}; after the next run, "${next}" compares the two` : shown)
}

/** A path from the working directory. */
function fromHere(path: string): string {
  return relative(process.cwd(), path) || '.'
}

async function writeAs(document: ResultDocument, output: Output): Promise<string> {
  const format = outputFormat(output.path)
  if (format === 'json') await writeResult(document, output)
  else await writeOutput(output, await rendered(format, document, fileRenderOptions))
  return output.path
}
