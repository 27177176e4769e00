/** What the reader's screen can show. */
export interface Look {
  /** Columns of the terminal; undefined where lines may be as long as they need. */
  readonly width: number | undefined
  readonly colour: boolean
  readonly unicode: boolean
}
