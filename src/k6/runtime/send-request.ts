import type { JourneyClient, StepResponse } from '../../driver/journey/client.ts'
import { redirection } from '../../kit/redirect.ts'
import type { CookieJar } from './cookie-jar.ts'
import { countRequest } from './count-request.ts'
import { digestAuthorization } from './digest-auth.ts'
import { encodeBody, NamedUrl, type RequestParams, timeoutMs } from './request-params.ts'
import { cookiesIn, K6Response } from './response.ts'
import { type ResponseCallback, responseCallback } from './response-callback.ts'
import type { SharedState } from './shared-state.ts'
import { clientOf, type VirtualUser } from './virtual-user.ts'

/** One request on its way through redirects. */
interface Hop {
  readonly method: string
  readonly url: URL
  readonly body: string | Buffer | undefined
  readonly headers: Readonly<Record<string, string>>
  /** The field Authorization, in place of that of the URL. */
  readonly authorization?: string
  /** A redirect led to another origin: the cookies of the request itself stay behind, too. */
  readonly isForeign?: boolean
}

/**
 * Sends a request as k6 does: with the cookies of the jar, and after up to `maxRedirects` redirects, each of which is a
 * request of its own with the same name. The name is the tag `name`, or the method and the path, with
 * `{}` for the values of a template.
 */
export async function sendRequest(
  user: VirtualUser,
  shared: SharedState,
  method: string,
  target: unknown,
  content: unknown,
  params: RequestParams | null | undefined,
): Promise<K6Response> {
  const client = clientOf(user, 'a request')
  const { settings } = shared
  const about = params ?? {}
  const { body, contentType } = encodeBody(content)
  const url = parseUrl(target)
  const path = target instanceof NamedUrl ? templatePath(target) : url.pathname
  const name = about.tags?.name ?? `${method} ${path}`
  const headers = headersOf(about, contentType, settings.userAgent)
  const jar = about.jar ?? user.jar
  const callback =
    about.responseCallback === undefined
      ? user.responseCallback
      : responseCallback(about.responseCallback)
  refuseAuth(about)
  let hop: Hop = { method, url, body, headers }
  for (let left = about.redirects ?? settings.maxRedirects; ; left--) {
    const { sent, response } = await send(client, hop, { name, jar, about, callback })
    const isFailed = isFailure(response.status, callback)
    countRequest(user, shared, { ...hop, response, isFailed, tags: { ...about.tags, name } })
    const next = authenticated(hop, response, about) ?? redirected(hop, response, left)
    if (next === undefined) {
      const type = about.responseType ?? (settings.discardResponseBodies ? 'none' : 'text')
      return new K6Response(
        { method: hop.method, url: hop.url.href, headers: sent, body: textOf(hop.body) },
        response,
        type,
      )
    }
    hop = next
  }
}

/** Refuses ways to authenticate that there is none of: sent as another one, they would measure refusals. */
function refuseAuth({ auth }: RequestParams): void {
  if (auth === undefined || auth === 'basic' || auth === 'digest') return
  throw new Error(`auth: '${auth}' is not supported: basic and digest are`)
}

/** Whether a response of a status has failed: from 400 on, or by the statuses that the script expects. */
function isFailure(status: number, callback: ResponseCallback | undefined): boolean {
  if (status === 0) return true
  if (callback === undefined) return status >= 400
  return callback !== null && !callback.has(status)
}

interface SendOptions {
  readonly name: string
  readonly jar: CookieJar
  readonly about: RequestParams
  readonly callback: ResponseCallback | undefined
}

async function send(
  client: JourneyClient,
  hop: Hop,
  { name, jar, about, callback }: SendOptions,
): Promise<{ sent: Record<string, string>; response: StepResponse }> {
  const cookie = cookieHeader(jar, hop.url, hop.isForeign ? {} : about.cookies)
  const sent = {
    ...hop.headers,
    ...(cookie === '' ? {} : { Cookie: cookie }),
    ...(hop.authorization === undefined
      ? about.auth !== 'digest' && basicAuthorization(hop.url)
      : { Authorization: hop.authorization }),
  }
  const target = new URL(hop.url)
  target.username = ''
  target.password = ''
  const response = await client.request({
    name,
    method: hop.method,
    url: target.href,
    headers: sent,
    ...(hop.body === undefined ? {} : { body: hop.body }),
    timeoutMs: timeoutMs(about.timeout),
    redirects: 0,
    ...(callback !== undefined && {
      isFailure: (status) => callback !== null && !callback.has(status),
    }),
  })
  for (const cookies of Object.values(cookiesIn(response.headers)))
    for (const one of cookies) jar.store(hop.url, one)
  return { sent, response }
}

/** The request with the response to the challenge of a server; undefined where it has one already, or nothing is challenged. */
function authenticated(hop: Hop, response: StepResponse, { auth }: RequestParams): Hop | undefined {
  if (auth !== 'digest' || response.status !== 401 || hop.authorization !== undefined) {
    return undefined
  }
  const challenges = [response.headers['www-authenticate'] ?? []].flat()
  const { method, url } = hop
  const [authorization] = challenges.flatMap(
    (challenge) => digestAuthorization({ method, url, challenge }) ?? [],
  )
  return authorization === undefined ? undefined : { ...hop, authorization }
}

/** The request after a redirect; undefined where there is none, or none is left to be followed. */
function redirected(hop: Hop, { status, headers }: StepResponse, left: number): Hop | undefined {
  if (left <= 0) return undefined
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'location')
  const location = [found?.[1]].flat()[0]
  const next = redirection({ status, location, headers: hop.headers }, hop.url)
  if (next === undefined) return undefined
  const { url, headers: kept } = next
  const isForeign = next.isForeign || hop.isForeign === true
  const authorization = isForeign ? {} : authorizationOf(hop)
  if (status === 307 || status === 308 || hop.method === 'GET' || hop.method === 'HEAD') {
    const { method, body } = hop
    return { method, url, body, headers: kept, isForeign, ...authorization }
  }
  const headersLeft = Object.fromEntries(
    Object.entries(kept).filter(([name]) => !/^content-/i.test(name)),
  )
  return { method: 'GET', url, body: undefined, headers: headersLeft, isForeign }
}

function authorizationOf({ authorization }: Hop): Pick<Hop, 'authorization'> {
  return authorization === undefined ? {} : { authorization }
}

function parseUrl(target: unknown): URL {
  const text = String(target)
  if (!URL.canParse(text))
    throw new Error(`"${text}" is no absolute URL: k6 requests such as http://localhost:8080/`)
  return new URL(text)
}

/** The path of a template's name, whose first value is usually the address of the server. */
function templatePath({ name }: NamedUrl): string {
  return URL.canParse(name) ? decodeURI(new URL(name).pathname) : name
}

function headersOf(
  { headers = {} }: RequestParams,
  contentType: string | undefined,
  userAgent: string | undefined,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) found[name] = String(value)
  const has = (name: string) => Object.keys(found).some((key) => key.toLowerCase() === name)
  if (contentType !== undefined && !has('content-type')) found['Content-Type'] = contentType
  if (userAgent !== undefined && !has('user-agent')) found['User-Agent'] = userAgent
  return found
}

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** The cookies of the jar, and those of the request, which replace them only where it says so. */
function cookieHeader(jar: CookieJar, url: URL, own: RequestParams['cookies'] = {}): string {
  const replaced = new Set(
    Object.entries(own)
      .filter(([, value]) => typeof value === 'object' && value.replace === true)
      .map(([name]) => name),
  )
  const stored = Object.entries(jar.cookiesForURL(url.href)).filter(([name]) => !replaced.has(name))
  return [
    ...stored.flatMap(([name, values]) => values.map((value) => `${name}=${value}`)),
    ...Object.entries(own).map(
      ([name, value]) => `${name}=${typeof value === 'object' ? value.value : value}`,
    ),
  ].join('; ')
}

function textOf(body: string | Buffer | undefined): string | null {
  return body === undefined ? null : body.toString()
}
