/** The cookies of one visit, by name. It keeps name and value only: a visit goes to one site, and is short. */
export type Cookies = Map<string, string>

/** The values of a field of a response head, by its name in lower case. */
export function fieldValues(head: string, name: string): string[] {
  const values: string[] = []
  for (let at = head.indexOf('\r\n') + 2; at > 1 && at < head.length; ) {
    const end = head.indexOf('\r\n', at)
    if (end <= at) break
    const colon = head.indexOf(':', at)
    if (colon - at === name.length && head.slice(at, colon).toLowerCase() === name) {
      values.push(head.slice(colon + 1, end).trim())
    }
    at = end + 2
  }
  return values
}

/** Takes over the cookies that a response head sets, or expires (RFC 6265, 5.2). */
export function takeCookies(cookies: Cookies, head: string): void {
  for (const value of fieldValues(head, 'set-cookie')) {
    const [pair = '', ...attributes] = value.split(';')
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals).trim()
    if (equals < 1) continue
    if (attributes.some(isExpired)) cookies.delete(name)
    else cookies.set(name, pair.slice(equals + 1).trim())
  }
}

function isExpired(attribute: string): boolean {
  const [, name, value = ''] = /^\s*(max-age|expires)\s*=\s*(.*?)\s*$/i.exec(attribute) ?? []
  if (name === undefined) return false
  return name.toLowerCase() === 'max-age'
    ? Number(value) <= 0
    : new Date(value).getTime() < Date.now()
}

/** The line of a request head that sends the cookies, with its line break; empty without cookies. */
export function cookieLine(cookies: Cookies): string {
  if (cookies.size === 0) return ''
  let line = ''
  for (const [name, value] of cookies) line += `${line === '' ? 'Cookie: ' : '; '}${name}=${value}`
  return `${line}\r\n`
}
