import { type Chart, chartWidths } from '../../charts/chart.ts'
import { draw } from '../../charts/draw.ts'
import type { Figure } from './figure.ts'

/** Charts, each drawn for a phone, for a column and for the width of a page. */
export async function drawnCharts(charts: readonly Chart[]): Promise<Figure[]> {
  const [narrow, column, wide] = await Promise.all(
    (['narrow', 'column', 'page'] as const).map(
      async (width) =>
        new Map(
          (await draw(charts, 'page', chartWidths[width])).map(({ chart, svg }) => [
            chart.name,
            svg,
          ]),
        ),
    ),
  )
  return charts.map((chart) => ({
    chart,
    drawings: {
      narrow: narrow?.get(chart.name) ?? '',
      column: column?.get(chart.name) ?? '',
      page: wide?.get(chart.name) ?? '',
    },
  }))
}
