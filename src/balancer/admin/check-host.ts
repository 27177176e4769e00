import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { AdminSettings } from '../config/admin-settings.ts'
import { AdminError } from './admin-error.ts'

/** A host, in brackets where it is an IPv6 address, and an optional port. */
const hostAndPort = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d*)?$/i

/**
 * Refuses requests for a host name that is not the admin port's own. A web page can have its own name resolve to the
 * address of the admin port (DNS rebinding, CWE-350), and would then read the responses as its own; a browser sends
 * that name in Host. A name without a dot, such as that of a container, is none of the public DNS. Requests without
 * Host come from no browser.
 *
 * @throws AdminError 421 (RFC 9110, section 15.5.20), or 400 for Host fields that differ
 */
export function checkHost(
  { host: listenHost, names }: Pick<AdminSettings, 'host' | 'names'>,
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
): void {
  const [host, ...others] = headersDistinct.host ?? []
  if (others.length > 0) {
    throw new AdminError(400, 'the request has several Host fields', { hint: 'send one' })
  }
  if (host === undefined) return
  const [, address, typed = ''] = hostAndPort.exec(host) ?? []
  if (isIP(address ?? typed) !== 0) return
  const name = withoutDot(typed)
  if (name !== '' && !name.includes('.')) return
  if ([listenHost, ...names].map(withoutDot).includes(name)) return
  throw new AdminError(421, `the admin port is not reached as "${host}"`, {
    hint: 'use its address or localhost, or add the name to admin.names (--admin-name)',
  })
}

/** A host name in lower case, without the dot that marks it as complete. */
function withoutDot(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
