/** The value of a response field that identifies the request. `address`: of the client. */
export function sealOf(address: string, method: string, target: string): string {
  return Buffer.from(`${address} ${method} ${target}`, 'latin1').toString('base64')
}

/** The client for which the balancer forwarded a request: the last address, which the balancer added itself. */
export function clientOf(forwardedFor: unknown): string {
  return String(forwardedFor).split(', ').at(-1) ?? ''
}
