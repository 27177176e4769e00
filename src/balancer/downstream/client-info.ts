import { networks } from '../../kit/networks.ts'
import type { BalancerSettings } from '../config/config.ts'
import { type ConnectionInfo, connectionInfo } from '../http/write-origin.ts'

/** Settings that decide how clients are shown to backends. */
type OriginSettings = Pick<BalancerSettings, 'via' | 'forwarded' | 'trustedProxies' | 'tls'>

const trustOf = new WeakMap<readonly string[], (address: string) => boolean>()

/** Whether an address is that of a trusted proxy. Made once for each list. */
export function trustedBy({ trustedProxies }: OriginSettings): (address: string) => boolean {
  const known = trustOf.get(trustedProxies)
  if (known !== undefined) return known
  const trust = networks(trustedProxies).has
  trustOf.set(trustedProxies, trust)
  return trust
}

/** How the client of a connection is shown to backends, with these settings. */
export function clientInfo(
  settings: OriginSettings,
  {
    address,
    proto,
    http2,
    subject,
  }: Pick<ConnectionInfo, 'address' | 'proto' | 'http2' | 'subject'>,
): ConnectionInfo {
  const { via, forwarded, trustedProxies, tls } = settings
  const name = tls?.clientSubject
  const trusted = trustedProxies.length > 0 && trustedBy(settings)(address)
  const fromTrusted = trusted ? 'append' : 'replace'
  return connectionInfo({
    address,
    proto,
    http2,
    via,
    // A client without a certificate cannot send the field either.
    subject: name === undefined ? undefined : { name, value: subject?.value ?? '' },
    trusted,
    forwarded: trustedProxies.length === 0 ? forwarded : fromTrusted,
  })
}
