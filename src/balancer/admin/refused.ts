/** A request to the admin port that is not served: the status, and what to do. */
export class Refused extends Error {
  readonly status: number
  readonly hint: string
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    message: string,
    { hint, headers = {} }: { hint: string; headers?: Readonly<Record<string, string>> },
  ) {
    super(message)
    this.status = status
    this.hint = hint
    this.headers = headers
  }
}
