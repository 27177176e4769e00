import { renderedChoice } from '../../reports/formats/choice/rendered-choice.ts'
import { reports } from '../../reports/formats/index.ts'
import { renderedLoad } from '../../reports/formats/load/rendered-load.ts'
import { rendered } from '../../reports/formats/rendered.ts'
import { renderedSimulation } from '../../reports/formats/simulation/rendered-simulation.ts'
import type { Invocation } from '../cli/invocation.ts'
import { fileRenderOptions } from '../cli/terminal.ts'
import { UsageError } from '../kit/errors.ts'
import { writeOutput } from '../kit/output.ts'
import type { RenderOptions } from '../kit/render-options.ts'
import type { AnyDocument } from '../result/any-document.ts'
import type { ResultDocument } from '../result/document.ts'
import { readResult } from '../result/read.ts'
import { readLoadResult } from '../result/read-load.ts'
import { readSimulated } from '../result/read-simulated.ts'
import { writeCharts } from './chart-files.ts'
import { recoverRuns } from './recover-runs.ts'
import { freePage } from './store-result.ts'
import { storedRun } from './stored-run.ts'

/** Values of the flags of `lb report`. */
interface ReportFlags {
  readonly format?: string | undefined
  readonly output?: string | undefined
  /** Folder for the charts. */
  readonly charts?: string | undefined
  readonly force: boolean
  readonly 'max-bytes'?: number | undefined
}

/**
 * Renders a stored result on the terminal or into a file, its charts into files of their own.
 *
 * @throws {UsageError} the result cannot be read, a file exists already, or the report is longer than allowed
 */
export async function report(
  file: string | undefined,
  flags: ReportFlags,
  invocation: Invocation,
): Promise<AnyDocument> {
  const recovered = file === undefined ? await recoverRuns(invocation) : undefined
  const path = file ?? (recovered === undefined ? storedRun('last') : undefined)
  const other =
    path === undefined ? undefined : ((await readLoadResult(path)) ?? (await readSimulated(path)))
  if (other !== undefined) return reportOther(other, flags, invocation)
  const document = recovered ?? (await readResult(path as string))
  const { output, charts, force, 'max-bytes': maxBytes } = flags
  const render = {
    ...(output === undefined ? invocation.render : fileRenderOptions),
    stored: {
      files: [],
      shownBy: ['report', ...(file === undefined ? [] : [file])],
      page: freePage(),
    },
    ...(maxBytes !== undefined && { maxBytes }),
    ...(charts !== undefined && {
      pictures: await writeCharts(document, { folder: charts, force, shownIn: output }),
    }),
  }
  const text = await rendered(formatOf(flags), document, render)
  if (output === undefined) invocation.print(text)
  else await writeOutput({ path: output, force }, text)
  return document
}

/** A result of another command than `lb bench`. */
type OtherDocument = Exclude<AnyDocument, ResultDocument>

async function reportOther(
  document: OtherDocument,
  flags: ReportFlags,
  invocation: Invocation,
): Promise<OtherDocument> {
  const { output, charts, force } = flags
  if (charts !== undefined) {
    throw new UsageError(
      `the charts of ${nouns[document.format]} are in its page only`,
      'use --output report.html',
    )
  }
  const render = output === undefined ? invocation.render : fileRenderOptions
  const text = await renderedOther(formatOf(flags), document, render)
  if (output === undefined) invocation.print(text)
  else await writeOutput({ path: output, force }, text)
  return document
}

const nouns = {
  'lb-load': 'a load test',
  'lb-simulation': 'a simulation',
  'lb-choice': 'a choice',
} as const

function renderedOther(
  format: string,
  document: OtherDocument,
  options: RenderOptions,
): Promise<string> {
  switch (document.format) {
    case 'lb-load':
      return renderedLoad(format, document, options)
    case 'lb-simulation':
      return renderedSimulation(format, document, options)
    case 'lb-choice':
      return renderedChoice(format, document, options)
  }
}

/** The format of --format, else by the extension of --output, else a table. */
function formatOf({ format, output = '' }: ReportFlags): string {
  return format ?? reports.find(({ extension }) => output.endsWith(extension))?.format ?? 'table'
}
