import type { Figure } from './figure.ts'

/** Units by Grafana's names: fractions of 1, seconds, bytes, per second, plain numbers. */
export type PanelUnit = 'percentunit' | 's' | 'bytes' | 'reqps' | 'ops' | 'short'

/** A figure in a panel. */
export interface PanelFigure {
  readonly figure: Figure
  /** Name of each series, with labels in double braces. */
  readonly legend: string
  /** Name of all series together, where the legend names each. */
  readonly brief?: string
  /** Unit of these series, where it differs from that of the panel: they get an axis of their own. */
  readonly unit?: PanelUnit
}

/** A panel with a graph over time. */
export interface Panel {
  readonly title: string
  readonly description: string
  readonly unit: PanelUnit
  /** Draws the series on top of each other: their sum has a meaning. */
  readonly stacked?: boolean
  readonly figures: readonly PanelFigure[]
}
