import { mkdir } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { readable } from '../../reports/formats/report.ts'
import { standalone } from '../../reports/formats/svg.ts'
import { UsageError } from '../kit/errors.ts'
import { checkOutput, writeOutput } from '../kit/output.ts'
import type { Picture } from '../kit/render-options.ts'
import type { ResultDocument } from '../result/document.ts'

/** The folder for chart files. */
export interface ChartFolder {
  readonly folder: string
  /** Whether existing files may be replaced. */
  readonly force: boolean
  /** The report that embeds them; URLs are relative to it, or to the working directory. */
  readonly shownIn?: string | undefined
}

/**
 * Draws every chart of `document` into an SVG file: all of them, or none if one cannot be written.
 *
 * @throws {UsageError} a file exists and `force` is not set, or cannot be written
 */
export async function writeCharts(document: ResultDocument, to: ChartFolder): Promise<Picture[]> {
  const [{ chartsOf }, { draw }] = await Promise.all([
    import('../../reports/charts/index.ts'),
    import('../../reports/charts/draw.ts'),
  ])
  const files = (await draw(chartsOf(readable(document)), 'file')).map(({ chart, svg }) => ({
    title: chart.title,
    output: { path: join(to.folder, `${chart.name}.svg`), force: to.force },
    text: standalone(svg),
  }))
  await mkdir(to.folder, { recursive: true }).catch(({ code }) => {
    throw new UsageError(`cannot create the folder ${to.folder} (${code})`, 'name another folder')
  })
  for (const { output } of files) await checkOutput(output)
  for (const { output, text } of files) await writeOutput(output, text)
  const from = to.shownIn === undefined ? '.' : dirname(to.shownIn)
  return files.map(({ title, output }) => ({ title, url: urlOf(relative(from, output.path)) }))
}

function urlOf(path: string): string {
  return path.split(sep).map(encodeURIComponent).join('/')
}
