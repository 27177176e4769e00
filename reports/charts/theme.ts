import type { Config } from 'vega-lite'
import { ink } from '../layout/palette.ts'

/** Of every text in a chart, and on the sheet around them. */
export const font =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

/** What all charts look like: few lines, one font, axes named at their ends. */
export const theme: Config = {
  font,
  padding: { left: 4, right: 8, top: 6, bottom: 4 },
  view: { stroke: null },
  axis: {
    domain: false,
    ticks: false,
    grid: true,
    gridColor: ink.grid.light,
    labelColor: ink.faint.light,
    titleColor: ink.faint.light,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelPadding: 6,
    titlePadding: 8,
  },
  axisBand: { grid: false, labelColor: ink.text.light, labelLimit: 260 },
  legend: {
    orient: 'top',
    title: null,
    labelColor: ink.text.light,
    labelFontSize: 12,
    labelLimit: 240,
    columns: 3,
    symbolSize: 90,
    symbolStrokeWidth: 2,
    rowPadding: 4,
  },
  title: {
    anchor: 'start',
    color: ink.text.light,
    fontSize: 15,
    fontWeight: 600,
    offset: 10,
    subtitleColor: ink.faint.light,
    subtitleFontSize: 12,
  },
  header: { labelColor: ink.text.light, labelFontSize: 12, title: null },
}
