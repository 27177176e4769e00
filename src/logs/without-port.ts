/** `10.0.0.1:5000`, `[2001:db8::1]:5000` or `2001:db8::1:5000` (as HAProxy writes it) without the port. */
export function withoutPort(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
