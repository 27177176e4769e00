/** A cookie of a response, with k6's names. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly path: string
  readonly http_only: boolean
  readonly secure: boolean
  /** Seconds; 0 without one. */
  readonly max_age: number
  /** ms since 1970; 0 without one. */
  readonly expires: number
}

interface StoredCookie extends Cookie {
  /** Whether it is sent to the host that set it only. */
  readonly hostOnly: boolean
}

/** Options of `set`. */
interface CookieOptions {
  readonly domain?: string
  readonly path?: string
  readonly expires?: string
  readonly max_age?: number
  readonly secure?: boolean
  readonly http_only?: boolean
}

/** Parses one `set-cookie` field (RFC 6265, section 5.2); undefined without a name. */
export function parseCookie(field: string): Cookie | undefined {
  const [pair = '', ...attributes] = field.split(';')
  const equals = pair.indexOf('=')
  if (equals < 1) return undefined
  const about = new Map(
    attributes.map((attribute): [string, string] => {
      const [name = '', ...value] = attribute.split('=')
      return [name.trim().toLowerCase(), value.join('=').trim()]
    }),
  )
  const maxAge = Number(about.get('max-age') ?? Number.NaN)
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    domain: (about.get('domain') ?? '').replace(/^\./, '').toLowerCase(),
    path: about.get('path') ?? '',
    http_only: about.has('httponly'),
    secure: about.has('secure'),
    max_age: Number.isFinite(maxAge) ? maxAge : 0,
    expires: Number.isFinite(maxAge)
      ? Date.now() + maxAge * 1000
      : Date.parse(about.get('expires') ?? '') || 0,
  }
}

/** k6's `http.CookieJar`: cookies by host and path (RFC 6265, sections 5.3 and 5.4). */
export class CookieJar {
  #cookies: StoredCookie[] = []

  /** Values by name of the cookies that a request to `url` carries. */
  cookiesForURL(url: string): Record<string, string[]> {
    const found: Record<string, string[]> = {}
    for (const { name, value } of this.#matching(new URL(url))) {
      const values = found[name] ?? []
      found[name] = values
      values.push(value)
    }
    return found
  }

  set(url: string, name: string, value: string, options: CookieOptions = {}): boolean {
    const expires = options.expires === undefined ? 0 : Date.parse(options.expires)
    this.store(new URL(url), {
      name,
      value: String(value),
      domain: options.domain ?? '',
      path: options.path ?? '/',
      http_only: options.http_only ?? false,
      secure: options.secure ?? false,
      max_age: options.max_age ?? 0,
      expires: options.max_age ? Date.now() + options.max_age * 1000 : expires,
    })
    return true
  }

  clear(url: string): void {
    const { hostname } = new URL(url)
    this.#cookies = this.#cookies.filter((cookie) => !matchesHost(cookie, hostname))
  }

  /** Removes all cookies: k6 does between iterations. */
  clearAll(): void {
    this.#cookies = []
  }

  delete(url: string, name: string): void {
    const { hostname } = new URL(url)
    this.#cookies = this.#cookies.filter(
      (cookie) => cookie.name !== name || !matchesHost(cookie, hostname),
    )
  }

  /** Stores a cookie of a response from `url`, or removes it where it has expired. */
  store(url: URL, cookie: Cookie): void {
    const path = cookie.path.startsWith('/') ? cookie.path : defaultPath(url.pathname)
    const hostOnly = cookie.domain === ''
    const domain = hostOnly ? url.hostname : cookie.domain
    if (!hostOnly && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) return
    this.#cookies = this.#cookies.filter(
      (other) => other.name !== cookie.name || other.domain !== domain || other.path !== path,
    )
    if (cookie.expires === 0 || cookie.expires > Date.now())
      this.#cookies.push({ ...cookie, path, domain, hostOnly })
  }

  #matching(url: URL): StoredCookie[] {
    const now = Date.now()
    return this.#cookies.filter(
      (cookie) =>
        matchesHost(cookie, url.hostname) &&
        matchesPath(cookie.path, url.pathname) &&
        (!cookie.secure || url.protocol === 'https:') &&
        (cookie.expires === 0 || cookie.expires > now),
    )
  }
}

function matchesHost({ domain, hostOnly }: StoredCookie, host: string): boolean {
  return host === domain || (!hostOnly && host.endsWith(`.${domain}`))
}

/** RFC 6265, section 5.1.4. */
function matchesPath(path: string, of: string): boolean {
  return of === path || of.startsWith(path.endsWith('/') ? path : `${path}/`)
}

function defaultPath(pathname: string): string {
  const slash = pathname.lastIndexOf('/')
  return slash < 1 ? '/' : pathname.slice(0, slash)
}
