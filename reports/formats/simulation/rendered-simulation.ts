import { UsageError } from '../../../src/kit/errors.ts'
import { printableJson, printableTexts } from '../../../src/kit/printable.ts'
import type { RenderOptions } from '../../../src/kit/render-options.ts'
import type { SimulationDocument } from '../../../src/result/simulation.ts'
import { simulationCsv } from './simulation-csv.ts'
import { simulationMarkdown } from './simulation-markdown.ts'
import { simulationScreen } from './simulation-screen.ts'

const formats: Readonly<
  Record<string, (result: SimulationDocument, options: RenderOptions) => string | Promise<string>>
> = {
  table: simulationScreen,
  markdown: simulationMarkdown,
  csv: simulationCsv,
  json: (result) =>
    `${printableJson(result).replace(/\[\n[-+\d.e,\s]+\]/g, (list) => list.replace(/\s+/g, ''))}\n`,
  // Vega takes a third of a second to load.
  html: async (result) => (await import('./simulation-html.ts')).simulationHtml(result),
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
  const render = formats[format]
  if (render === undefined) {
    throw new UsageError(
      `a simulation has no report of format ${format}`,
      `use one of ${Object.keys(formats).join(', ')}`,
    )
  }
  const { command, ...rest } = document
  return render({ ...printableTexts(rest), command }, options)
}
