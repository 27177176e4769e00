import type { PanelUnit } from './panel.ts'

/** A series of a panel over time. */
export interface WatchSeries {
  readonly name: string
  /** The name of all series of its figure together. */
  readonly brief: string
  readonly unit: PanelUnit
  /** Number of its figure in the panel, from 0. */
  readonly figure: number
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[]
}

/** A panel with its series. */
export interface WatchPanel {
  readonly title: string
  readonly description: string
  readonly unit: PanelUnit
  readonly stacked: boolean
  readonly series: readonly WatchSeries[]
}

/** All that is known of a balancer that is watched. Times are Unix times in seconds. */
export interface WatchState {
  /** Its address, as messages show it. */
  readonly url: string
  readonly now: number
  /** Since when it does not respond, and why; absent while it does. */
  readonly silent?: { readonly since: number; readonly reason: string } | undefined
  /** When it was restarted last, as its counters tell; absent where it was not. */
  readonly restarted?: number | undefined
  /** Times of the values, oldest first. */
  readonly at: readonly number[]
  readonly panels: readonly WatchPanel[]
}
