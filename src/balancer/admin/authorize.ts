import { createHash, timingSafeEqual } from 'node:crypto'
import { Refused } from './refused.ts'

/**
 * Lets pass who shows the token: RFC 6750, section 2.1. The comparison takes as long whatever is shown:
 * digests have one length, and are compared to their ends.
 *
 * @param shown the request's Authorization field
 * @throws Refused with 403 where no token is set, and 401 where another or none was shown.
 */
export function authorize(token: string | undefined, shown: string | undefined): void {
  if (token === undefined) {
    throw new Refused(403, 'changes are off', {
      hint: 'start the balancer with a token for its admin port to allow them',
    })
  }
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(shown ?? '') ?? []
  if (bearer !== undefined && timingSafeEqual(digest(bearer), digest(token))) return
  const problem = bearer === undefined ? 'no token was shown' : 'the token is not the right one'
  const challenge = bearer === undefined ? 'Bearer' : 'Bearer error="invalid_token"'
  throw new Refused(401, problem, {
    hint: 'send the token of the admin port as "Authorization: Bearer TOKEN"',
    headers: { 'www-authenticate': challenge },
  })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
