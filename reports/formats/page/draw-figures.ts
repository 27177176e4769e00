import type { ResultDocument } from '../../../src/result/document.ts'
import { chartWidths } from '../../charts/chart.ts'
import type { Figure } from './figure.ts'

/** Topics whose charts have the whole width of the page. */
const across: readonly string[] = ['faults', 'changes', 'result']

/** Every chart of a result, drawn for a phone, for a column and, where it has a page's width, for that. */
export async function drawFigures(document: ResultDocument): Promise<Figure[]> {
  const [{ chartsOf }, { draw }] = await Promise.all([
    import('../../charts/index.ts'),
    import('../../charts/draw.ts'),
  ])
  const charts = chartsOf(document).filter(({ isFlat }) => !isFlat)
  const drawn = async (width: keyof typeof chartWidths, shown = charts) =>
    new Map(
      (await draw(shown, 'page', chartWidths[width])).map(({ chart, svg }) => [chart.name, svg]),
    )
  const narrow = await drawn('narrow')
  const column = await drawn('column')
  const page = await drawn(
    'page',
    charts.filter(({ topic }) => across.includes(topic)),
  )
  return charts.map((chart) => ({
    chart,
    drawings: {
      ...{ narrow: narrow.get(chart.name) ?? '', column: column.get(chart.name) ?? '' },
      ...(page.has(chart.name) && { page: page.get(chart.name) ?? '' }),
    },
  }))
}
