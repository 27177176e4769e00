import type { StoredResult } from './stored-result.ts'

/** The capabilities of the terminal or file that a report is written to. */
export interface RenderOptions {
  /** Columns of the terminal; undefined: lines may have any length. */
  readonly width: number | undefined
  readonly colour: boolean
  readonly unicode: boolean
  /** Whether a report for a terminal has everything (`--full`), in place of what fits on one screen. */
  readonly full?: boolean
  /** Where the result is; without it, the reader is taken to have it as the last run. */
  readonly stored?: StoredResult
  /** Maximum size in bytes, as code hosts set for comments. */
  readonly maxBytes?: number
  /** Picture files that the report embeds. */
  readonly pictures?: readonly Picture[]
}

/** A picture file. */
export interface Picture {
  readonly title: string
  /** URL relative to the report. */
  readonly url: string
}
