/** An error response of the admin port: the status, the message and a remedy. */
export class AdminError extends Error {
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
