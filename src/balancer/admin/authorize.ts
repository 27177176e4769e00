import { createHash, timingSafeEqual } from 'node:crypto'
import { AdminError } from './admin-error.ts'

/**
 * Accepts requests with the bearer token: RFC 6750, section 2.1. The comparison takes constant time, since it
 * compares digests, which have the same length, to their end.
 *
 * @param authorization the request's Authorization field
 * @throws AdminError 403 when no token is configured, 401 when the request has no token or another one
 */
export function authorize(token: string | undefined, authorization: string | undefined): void {
  if (token === undefined) {
    throw new AdminError(403, 'changes are disabled', {
      hint: 'to allow them, start the balancer with an admin token (LB_ADMIN_TOKEN)',
    })
  }
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
  if (bearer !== undefined && timingSafeEqual(digest(bearer), digest(token))) return
  const problem = bearer === undefined ? 'the request has no bearer token' : 'the token is wrong'
  const challenge = bearer === undefined ? 'Bearer' : 'Bearer error="invalid_token"'
  throw new AdminError(401, problem, {
    hint: 'send the admin token as "Authorization: Bearer TOKEN"',
    headers: { 'www-authenticate': challenge },
  })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
