/** What the reader's screen, or the place that the text goes to, can take. */
export interface RenderOptions {
  /** Columns of the terminal; undefined where lines may be as long as they need. */
  readonly width: number | undefined
  readonly colour: boolean
  readonly unicode: boolean
  /** Most bytes that may be written, where a code host sets a limit. */
  readonly maxBytes?: number
  /** Pictures that lie beside the text: it shows them. */
  readonly pictures?: readonly Picture[]
}

/** A picture in a file. */
export interface Picture {
  readonly title: string
  /** From where the text is read: a relative URL. */
  readonly url: string
}
