import { type SimulationDocument, simulatedMetrics } from '../../../src/result/simulation.ts'
import { csvLine } from '../../layout/csv-line.ts'

/** A line for each algorithm and metric, or for each cell of a map and algorithm, in seconds. Every line has `simulated`. */
export function simulationCsv({ result, map, seed }: SimulationDocument): string {
  if (map !== undefined) {
    const heads = ['simulated', 'load', 'heterogeneity', 'algorithm', map.metric, 'best', 'as_good']
    const lines = map.cells.flatMap(({ load, heterogeneity, values, best, asGood }) =>
      Object.entries(values).map(([name, seconds]) => [
        ...[true, load, heterogeneity, name, seconds],
        ...[name === best, asGood.includes(name)],
      ]),
    )
    return text([heads, ...lines])
  }
  const heads = ['simulated', 'algorithm', 'metric', 'center_s', 'low_s', 'high_s', 'load', 'seed']
  const lines = (result?.algorithms ?? []).flatMap(({ name, metrics }) =>
    simulatedMetrics.map((metric) => {
      const { center = '', low = '', high = '' } = metrics?.[metric] ?? {}
      return [true, name, metric, center, low, high, result?.load ?? '', seed]
    }),
  )
  return text([heads, ...lines])
}

function text(lines: readonly (readonly (string | number | boolean)[])[]): string {
  return lines.map((line) => csvLine(line.map(String))).join('')
}
