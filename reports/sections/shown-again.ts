import { shellLine } from '../../src/kit/command-line.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { StoredResult } from '../../src/kit/stored-result.ts'

/** The last run, which `lb report` shows. */
const lastRun: StoredResult = { files: [], shownBy: ['report'], page: 'report.html' }

/** Where the result is that a report is made of. */
export function storedOf({ stored = lastRun }: Pick<RenderOptions, 'stored'>): StoredResult {
  return stored
}

/** The command that draws a page of a result: `lb report -o report.html`; undefined where no file has it, or has a page already. */
export function pageCommand({ shownBy, page }: StoredResult): string | undefined {
  if (shownBy === undefined || page === undefined) return undefined
  return shownBy[0] === 'compare'
    ? `${shellLine(['lb', ...shownBy, '-f', 'html'])} > ${shellLine([page])}`
    : shellLine(['lb', ...shownBy, '-o', page])
}

/** How to see everything: `lb report --full, or as a page: lb report -o report.html`; the page only where nothing else offers it. */
export function detailsWords(
  stored: StoredResult,
  { withPage }: { readonly withPage: boolean },
): string {
  const { shownBy } = stored
  if (shownBy === undefined) {
    return 'in no file: run it with -o result.json to show it again, or with -o report.html'
  }
  const page = pageCommand(stored)
  const full = shellLine(['lb', ...shownBy, '--full'])
  return page === undefined || !withPage ? full : `${full}, or as a page: ${page}`
}
