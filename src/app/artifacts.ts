import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { json } from '../../reports/formats/json.ts'
import { junit } from '../../reports/formats/junit.ts'
import { markdown } from '../../reports/formats/markdown.ts'
import type { Report } from '../../reports/formats/report.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import { UsageError } from '../kit/errors.ts'
import { checkOutput, type Output, ownersOnly, writeOutput } from '../kit/output.ts'
import type { RenderOptions } from '../kit/render-options.ts'
import type { StoredResult } from '../kit/stored-result.ts'
import type { ResultDocument } from '../result/document.ts'

/** GitHub accepts 65,536 characters as a comment and 1 MiB as a job summary; both with some room. */
const maxBytes = { comment: 65_000, summary: 1_000_000 }

/** The artifacts of a CI job. */
const files: readonly {
  readonly name: string
  readonly report: Report
  readonly render: RenderOptions
}[] = [
  { name: 'result.json', report: json, render: fileRenderOptions },
  {
    name: 'comment.md',
    report: markdown,
    render: { ...fileRenderOptions, maxBytes: maxBytes.comment },
  },
  { name: 'junit.xml', report: junit, render: fileRenderOptions },
]

/**
 * Creates the folder and checks whether the artifacts can be written.
 *
 * @throws {UsageError} one exists and `force` is not set, or the folder cannot be created or written
 */
export async function checkArtifacts({ path, force }: Output): Promise<void> {
  await mkdir(path, { recursive: true }).catch(({ code }) => {
    throw new UsageError(
      `cannot create the folder ${path} (${code})`,
      'name another folder with --output',
    )
  })
  for (const { name } of files) await checkOutput({ path: join(path, name), force })
}

/**
 * Writes the artifacts, and appends the report to the file `summary`, the job summary of GitHub Actions. Returns the errors
 * of those that could not be written; the others are written all the same.
 */
export async function writeArtifacts(
  document: ResultDocument,
  { path, force, summary }: Output & { readonly summary: string | undefined },
): Promise<Error[]> {
  const errors: Error[] = []
  const attempt = (write: Promise<void>) => write.catch((error) => void errors.push(error))
  for (const { name, report, render } of files) {
    const text = await report.render(document, render)
    await attempt(writeOutput({ path: join(path, name), force }, text, modes[name]))
  }
  if (!summary) return errors
  const render = { ...fileRenderOptions, maxBytes: maxBytes.summary }
  await attempt(appendFile(summary, await (markdown as Report).render(document, render)))
  return errors
}

/** The same result with its artifacts: they are among its files, and show it again where it is not the last run. */
export function artifactsShownAgain(
  stored: StoredResult,
  folder: string,
  errors: readonly Error[],
): StoredResult {
  if (errors.length > 0) return stored
  const { files: others, shownBy = ['report', join(folder, 'result.json')], page } = stored
  return { files: [...others, join(folder, '/')], shownBy, page }
}

/** Permission bits of files that others need not read. */
const modes: Readonly<Record<string, number>> = { 'result.json': ownersOnly }
