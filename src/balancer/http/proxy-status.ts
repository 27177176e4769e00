/** What a member of a Proxy-Status field says: RFC 9209, section 2.1. */
export interface ProxyStatus {
  /** The intermediary. */
  readonly name: string
  /** The error type: a token of section 2.3. */
  readonly error: string
  readonly details: string
}

/** A token of structured fields: RFC 9651, section 3.3.4. */
const token = /^[A-Za-z*][\w!#$%&'*+.^`|~:/-]*$/

/** The value of a Proxy-Status field with one member. */
export function proxyStatusValue({ name, error, details }: ProxyStatus): string {
  const member = token.test(name) ? name : sfString(name)
  return `${member}; error=${error}; details=${sfString(details)}`
}

/** A string of structured fields: RFC 9651, section 3.3.3. Other characters than printable ASCII are replaced. */
function sfString(text: string): string {
  return `"${text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&')}"`
}
