import type { K6Selector, K6Settings } from '../../plan/load/k6-journey.ts'
import type { MetricKind } from '../options/translate-threshold.ts'

/** What the virtual users of a script share. */
export interface SharedState {
  readonly settings: K6Settings
  readonly env: Readonly<Record<string, string>>
  /** Values that thresholds of the script select. */
  readonly selectors: readonly K6Selector[]
  /** The arrays of `SharedArray` by name. */
  readonly arrays: Map<string, readonly unknown[]>
  /** The files that `open` has read, by path. */
  readonly files: Map<string, string | ArrayBuffer>
  /** The metrics that the script declares, by name. */
  readonly metrics: Map<string, MetricKind>
  /** When the first iteration began, in ms as `performance.now`. */
  startedAt: number
}

/** k6's defaults. */
export function defaultSettings(): K6Settings {
  return {
    maxRedirects: 10,
    batch: 20,
    batchPerHost: 6,
    discardResponseBodies: false,
    noCookiesReset: false,
    userAgent: undefined,
  }
}

/** The state of a script that has not begun. */
export function sharedState(
  env: Readonly<Record<string, string>>,
  settings: K6Settings = defaultSettings(),
  selectors: readonly K6Selector[] = [],
): SharedState {
  return {
    settings,
    env,
    selectors,
    arrays: new Map(),
    files: new Map(),
    metrics: new Map(),
    startedAt: performance.now(),
  }
}
