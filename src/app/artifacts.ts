import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { json } from '../../reports/formats/json.ts'
import { junit } from '../../reports/formats/junit.ts'
import { markdown } from '../../reports/formats/markdown.ts'
import type { Report } from '../../reports/formats/report.ts'
import { UsageError } from '../kit/errors.ts'
import { checkOutput, type Output, writeOutput } from '../kit/output.ts'
import type { RenderOptions } from '../kit/render-options.ts'
import type { ResultDocument } from '../result/document.ts'

/** What GitHub takes as a comment is 65,536 characters, and as the summary of a job 1 MiB. */
const most = { comment: 65_000, summary: 1_000_000 }

const look: RenderOptions = { width: undefined, colour: false, unicode: true }

/** The files that a CI job keeps or hands on. */
const files: readonly {
  readonly name: string
  readonly report: Report
  readonly look: RenderOptions
}[] = [
  { name: 'result.json', report: json, look },
  { name: 'comment.md', report: markdown, look: { ...look, maxBytes: most.comment } },
  { name: 'junit.xml', report: junit, look },
]

/**
 * Makes the folder, and finds out whether the files could be written.
 *
 * @throws {UsageError} one is there already and not forced, or the folder cannot be written
 */
export async function checkArtifacts({ path, force }: Output): Promise<void> {
  await mkdir(path, { recursive: true }).catch(({ code }) => {
    throw new UsageError(`cannot make the folder ${path} (${code})`, 'name another with --output')
  })
  for (const { name } of files) await checkOutput({ path: join(path, name), force })
}

/** Writes the files into the folder, and adds the report to the summary of the job where there is one. */
export async function writeArtifacts(
  document: ResultDocument,
  { path, force, summary }: Output & { readonly summary: string | undefined },
): Promise<void> {
  for (const { name, report, look } of files) {
    await writeOutput({ path: join(path, name), force }, await report.render(document, look))
  }
  if (!summary) return
  const report: Report = markdown
  await appendFile(summary, await report.render(document, { ...look, maxBytes: most.summary }))
}
