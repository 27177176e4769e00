import { createHash, timingSafeEqual } from 'node:crypto'
import { AdminError } from './admin-error.ts'

/** What a request needs the token for: how it is named in the error, and whether the token may come as a password. */
export interface Protected {
  readonly name: 'changes' | 'profiles'
  /**
   * Whether the token is also accepted as the password of basic authentication (RFC 7617), for clients that can send no
   * other, such as `go tool pprof http://:TOKEN@host/`. Never for changes: browsers repeat it for other sites' requests.
   */
  readonly basic: boolean
}

/** A change of the balancer. */
export const change: Protected = { name: 'changes', basic: false }
/** A profile, which slows the balancer down a little and shows its code. */
export const profile: Protected = { name: 'profiles', basic: true }

/**
 * Accepts requests with the bearer token: RFC 6750, section 2.1. The comparison takes constant time, since it
 * compares digests, which have the same length, to their end.
 *
 * @param authorization the request's Authorization field
 * @throws AdminError 403 when no token is configured, 401 when the request has no token or another one
 */
export function authorize(
  token: string | undefined,
  authorization: string | undefined,
  { name, basic }: Protected,
): void {
  if (token === undefined) {
    throw new AdminError(403, `${name} are disabled`, {
      hint: 'to allow them, start the balancer with an admin token (LB_ADMIN_TOKEN)',
    })
  }
  const sent = bearerOf(authorization) ?? (basic ? passwordOf(authorization) : undefined)
  if (sent !== undefined && timingSafeEqual(digest(sent), digest(token))) return
  const problem = sent === undefined ? 'the request has no bearer token' : 'the token is wrong'
  const challenge = sent === undefined ? 'Bearer' : 'Bearer error="invalid_token"'
  throw new AdminError(401, problem, {
    hint: 'send the admin token as "Authorization: Bearer TOKEN"',
    headers: { 'www-authenticate': challenge },
  })
}

function bearerOf(authorization = ''): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
}

/** The password of `user:password`, whoever the user is. */
function passwordOf(authorization = ''): string | undefined {
  const [, credentials] = /^Basic +([\w+/]+={0,2}) *$/i.exec(authorization) ?? []
  if (credentials === undefined) return undefined
  const text = Buffer.from(credentials, 'base64').toString()
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : text.slice(colon + 1)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
