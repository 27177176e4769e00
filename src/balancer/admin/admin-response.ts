/** A response of the admin port. */
export interface AdminResponse {
  readonly status: number
  readonly type: string
  readonly body: string | Uint8Array
}

/** A response with a JSON body. */
export function json(status: number, body: object): AdminResponse {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` }
}
