/** How a property of the host was judged. `unknown`: it cannot be read. */
export type CheckState = 'ok' | 'warn' | 'bad' | 'unknown'

/** A finding of a check: the figures, and for `warn` and `bad` what they do and what changes them. */
export type CheckOutcome =
  | { readonly state: 'ok'; readonly found: string }
  /** `found` is why it cannot be read. */
  | { readonly state: 'unknown'; readonly found: string }
  | {
      readonly state: 'warn' | 'bad'
      readonly found: string
      /** What it does to the run. */
      readonly effect: string
      /** What to do, where no single command changes it. */
      readonly advice?: string
      /** The command that changes it. It is printed, never run. */
      readonly change?: string
      /** The command that shows whether it has changed. */
      readonly recheck: string
    }

/** A check by name, and what it found. */
export type HostCheck = CheckOutcome & {
  readonly name: string
  /** The name in words: `open files`. */
  readonly title: string
}
