import { staticFields } from './static-table.ts'

/** How an encoder treats a field: RFC 7541, section 6.2. */
export const indexing = {
  /** Inserted into the table. */
  incremental: 0,
  /** Not inserted: the value rarely repeats, and would evict others. */
  without: 1,
  /** Never inserted, by any hop: the value is secret, and compression could reveal it (section 7.1). */
  never: 2,
} as const

const changing = [
  ':path',
  'age',
  'content-length',
  'content-range',
  'etag',
  'if-modified-since',
  'if-none-match',
  'last-modified',
  'location',
  'range',
]
const secret = ['authorization', 'proxy-authorization', 'set-cookie']

/** Shorter cookies can be guessed from the size of messages; longer ones are worth an entry (section 7.1.3). */
const shortCookie = 20

const cookieName = 'cookie'

/** By static index − 1 of the name: all names with special treatment are in the static table. */
const byName = Uint8Array.from(staticFields, ([name]) => {
  if (secret.includes(name)) return indexing.never
  return changing.includes(name) ? indexing.without : indexing.incremental
})
const isCookie = Uint8Array.from(staticFields, ([name]) => (name === cookieName ? 1 : 0))

/** The treatment of a field whose name has the static index `index`; 0: none. */
export function indexingOf(index: number, valueLength: number): number {
  if (index === 0) return indexing.incremental
  if (isCookie[index - 1] === 1 && valueLength < shortCookie) return indexing.never
  return byName[index - 1] as number
}
