import { createHash, timingSafeEqual } from 'node:crypto'

/** A request to the live page, as far as its response depends on it. */
interface LiveRequest {
  readonly method: string
  /** The target of the request line: `/events`, `/stop?token=…`. */
  readonly url: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly authorization: string | undefined
}

/** The address of a live page, and the secret that `stop` needs; without one there is nothing to stop. */
interface LivePlace {
  readonly port: number
  readonly token: string | undefined
}

/** The kind of response to a request; `refused` has a status, a line of text and further header fields. */
type LiveAnswer =
  | { readonly kind: 'page' | 'events' | 'stop' }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly text: string
      readonly headers: Readonly<Record<string, string>>
    }

/**
 * Decides on a request. A name in `Host` that is not the loopback address is refused with 421: a page of another site whose
 * name was bound to 127.0.0.1 (DNS rebinding) would otherwise read the run. An `Origin` of another site is refused with 403.
 * Only `stop` changes anything, and needs the token of the printed address: a page of another site cannot know it.
 */
export function liveAnswer(request: LiveRequest, place: LivePlace): LiveAnswer {
  const { method, url, host, origin } = request
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${place.port}`)
  if (host === undefined || !hosts.includes(host.toLowerCase())) {
    return refused(421, `This is 127.0.0.1:${place.port}, and no other host.`)
  }
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`)) {
    return refused(403, 'Pages of another origin may not read a run, nor stop it.')
  }
  const [path, query = ''] = splitAt(url, '?')
  if (path === '/stop' && place.token !== undefined) {
    if (method !== 'POST') return notAllowed('POST')
    return holdsToken(request, query, place.token)
      ? { kind: 'stop' }
      : refused(403, 'Stopping the run needs the token of the printed address.')
  }
  if (path !== '/' && path !== '/events') return refused(404, 'There are / and /events.')
  if (method !== 'GET') return notAllowed('GET')
  return { kind: path === '/' ? 'page' : 'events' }
}

function refused(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): LiveAnswer {
  return { kind: 'refused', status, text, headers }
}

function notAllowed(allow: string): LiveAnswer {
  return refused(405, `Only ${allow} is served here.`, { allow })
}

function splitAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** Whether the token is in the query (`token=…`) or in `Authorization: Bearer …`. */
function holdsToken(
  { authorization }: Pick<LiveRequest, 'authorization'>,
  query: string,
  token: string,
): boolean {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  const found = bearer ?? new URLSearchParams(query).get('token')
  return found !== null && isEqual(found, token)
}

/** Compares in a time that does not depend on where the texts differ. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
