import { UsageError } from '../kit/errors.ts'

/** The address of a server, as its user writes it. */
export interface TargetUrl {
  /** An http or https URL, whose host is that of Host, SNI and the certificate. */
  readonly url: URL
  /** The unix socket on which the server listens, in place of host and port. */
  readonly socketPath?: string
}

/**
 * Reads the address of a server: an http or https URL, or a unix socket as nginx, curl and Docker write it:
 * `unix:/run/app.sock`, with the path of requests behind a colon (`unix:/run/app.sock:/api?x=1`), and
 * `http+unix://%2Frun%2Fapp.sock/api?x=1`; `https+unix:` is TLS over one.
 *
 * @throws {UsageError} it is none of these
 */
export function targetUrl(address: string): TargetUrl {
  const found = unixUrl(address) ?? URL.parse(address)
  if (found instanceof URL) {
    if (found.protocol === 'http:' || found.protocol === 'https:') return { url: found }
  } else if (found !== null) return found
  throw new UsageError(
    `--url: "${address}" is not an http or https address`,
    'write it as http://HOST:PORT, http://[IPV6]:PORT, https://HOST or unix:/PATH',
  )
}

const unixScheme =
  /^(?<scheme>unix|http\+unix|https\+unix):(?:\/\/(?=[/%]))?(?<rest>[^?#]*)(?<query>\?[^#]*)?/i

function unixUrl(address: string): TargetUrl | undefined {
  const { scheme = '', rest = '', query = '' } = unixScheme.exec(address)?.groups ?? {}
  if (scheme === '') return undefined
  // A percent-encoded path stands in place of a host, and ends at the first slash.
  const end = /^%2f/i.test(rest) ? rest.indexOf('/') : rest.indexOf(':/')
  const socketPath = decoded(end < 0 ? rest : rest.slice(0, end))
  if (socketPath === undefined || !/^\/(?!\/)./.test(socketPath)) {
    throw new UsageError(
      `--url: "${address}" has no absolute path of a unix socket`,
      'write it as unix:/PATH, unix:/PATH:/PATH-OF-REQUESTS or http+unix://%2FPATH/PATH-OF-REQUESTS',
    )
  }
  const path = end < 0 ? '/' : rest.slice(end).replace(/^:/, '')
  const secure = scheme.toLowerCase() === 'https+unix'
  return { url: new URL(`${path}${query}`, `${secure ? 'https' : 'http'}://localhost`), socketPath }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The address as messages show it: without user, password, path and query. */
export function shownUrl({ url, socketPath }: TargetUrl): string {
  return socketPath === undefined ? url.origin : `unix:${socketPath}`
}

/** The host of an address without the brackets of IPv6: a name, or an IP address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** The port of an address; that of its protocol where it names none. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
}
