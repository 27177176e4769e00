/** The part of resolv.conf(5) that c-ares leaves to its caller. */
export interface SearchRules {
  readonly domains: readonly string[]
  /** Dots from which on a name is tried as it is first. */
  readonly dots: number
}

/** Maximum number of search domains, so that a name costs few queries; glibc had this limit up to 2.26. */
const maxDomains = 6

/** The search rules in the text of a resolv.conf. */
export function searchRules(text: string): SearchRules {
  let domains: string[] = []
  let dots = 1
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/)
    // The last of these lines holds.
    if (keyword === 'search' || keyword === 'domain') domains = values
    if (keyword !== 'options') continue
    for (const option of values) {
      const [, number] = /^ndots:(\d+)$/.exec(option) ?? []
      if (number !== undefined) dots = Number(number)
    }
  }
  return { domains: domains.filter((domain) => domain !== '.').slice(0, maxDomains), dots }
}

/** The names to ask for one after the other. A trailing dot makes a name absolute. */
export function candidatesOf(host: string, { domains, dots }: SearchRules): readonly string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)]
  const searched = domains.map((domain) => `${host}.${domain.replace(/\.$/, '')}`)
  const dotted = host.split('.').length - 1 >= dots
  return dotted ? [host, ...searched] : [...searched, host]
}
