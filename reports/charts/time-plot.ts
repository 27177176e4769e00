import { isNarrow } from './chart.ts'

/** The plot of a panel over time: where all have the same, their times are above one another on a page. */
interface TimePlot {
  /** Width of the plot, without its axis, in pixels. */
  readonly width: number
  /** Minimum pixels for the labels of its vertical axis, which must have a title. */
  readonly labels: number
}

/** Pixels beside the labels: the title of the axis, and the padding of the drawing. */
const besideLabels = 34

/** The plot in a drawing so many pixels wide. */
export function timePlot(width: number): TimePlot {
  const labels = isNarrow(width) ? 22 : 40
  return { width: width - labels - besideLabels, labels }
}
