import { isSecretName } from './secret-names.ts'

/** Where a response sends the client, and the header fields that go there. */
export interface Redirection {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** It is another origin: credentials of the request stay behind. */
  readonly isForeign: boolean
}

/** A response that may be a redirect. */
interface Redirecting {
  readonly status: number
  readonly location: string | undefined
  /** Header fields of the request. */
  readonly headers: Readonly<Record<string, string>>
}

const statuses = [301, 302, 303, 307, 308]

/**
 * Where a redirect of a request to `from` leads: RFC 9110, section 15.4. Fields that hold credentials, such as Authorization,
 * Cookie and X-Api-Key, are not sent to another origin (RFC 9110, section 11.6.2; CVE-2018-1000007): whoever serves the
 * first could have them sent anywhere. Undefined where the response is no redirect, or leads to no address of HTTP.
 */
export function redirection(
  { status, location, headers }: Redirecting,
  from: URL,
): Redirection | undefined {
  if (!statuses.includes(status) || location === undefined) return undefined
  if (!URL.canParse(location, from.href)) return undefined
  const url = new URL(location, from)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  const isForeign = url.origin !== from.origin && !isUpgrade(from, url)
  if (!isForeign) return { url, headers, isForeign }
  const kept = Object.entries(headers).filter(([name]) => !isSecretName(name))
  return { url, headers: Object.fromEntries(kept), isForeign }
}

/** The same host over TLS, both at their usual ports. */
function isUpgrade(from: URL, to: URL): boolean {
  const isTls = from.protocol === 'http:' && to.protocol === 'https:'
  return isTls && from.hostname === to.hostname && from.port === '' && to.port === ''
}
