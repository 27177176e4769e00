import { UsageError } from '../../../src/kit/errors.ts'
import { printableTexts } from '../../../src/kit/printable.ts'
import type { RenderOptions } from '../../../src/kit/render-options.ts'
import type { SimulationDocument } from '../../../src/result/simulation.ts'
import { resultText } from '../../../src/result/text.ts'
import { simulationCsv } from './simulation-csv.ts'
import { simulationMarkdown } from './simulation-markdown.ts'
import { simulationScreen } from './simulation-screen.ts'

const formats: Readonly<
  Record<string, (result: SimulationDocument, options: RenderOptions) => string | Promise<string>>
> = {
  table: simulationScreen,
  markdown: simulationMarkdown,
  csv: simulationCsv,
  json: resultText,
  // Vega takes a third of a second to load.
  html: async (result) => (await import('./simulation-html.ts')).simulationHtml(result),
}

/** @throws {UsageError} a simulation has no report of this format */
export function checkSimulationFormat(format: string): void {
  if (formats[format] !== undefined) return
  throw new UsageError(
    `a simulation has no report of format ${format}`,
    `use one of ${Object.keys(formats).join(', ')}`,
  )
}

/**
 * A simulation in the format of this name.
 *
 * @throws {UsageError} a simulation has no report of this format
 */
export async function renderedSimulation(
  format: string,
  document: SimulationDocument,
  options: RenderOptions,
): Promise<string> {
  checkSimulationFormat(format)
  const { command, ...rest } = document
  return (await formats[format]?.({ ...printableTexts(rest), command }, options)) ?? ''
}
