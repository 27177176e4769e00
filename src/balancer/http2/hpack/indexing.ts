import { staticFields } from './static-table.ts'

/** How an encoder treats a field: RFC 7541, section 6.2. */
export const indexing = {
  /** Kept in the table for the next time. */
  incremental: 0,
  /** Not kept: its value is hardly ever the same again, and would only evict others. */
  without: 1,
  /** Not kept by anyone: its value is a secret, which must not be guessed by the size of messages (section 7.1). */
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

/** A cookie that is shorter could be found out by guessing; a longer one is worth its place in the table. */
const shortCookie = 20

const cookieName = 'cookie'

/** By static index − 1 of the name. All the names that are not simply indexed are in the static table. */
const byName = Uint8Array.from(staticFields, ([name]) => {
  if (secret.includes(name)) return indexing.never
  return changing.includes(name) ? indexing.without : indexing.incremental
})
const isCookie = Uint8Array.from(staticFields, ([name]) => (name === cookieName ? 1 : 0))

/** How to treat a field whose name has the static index `index`, or none (0). */
export function indexingOf(index: number, valueLength: number): number {
  if (index === 0) return indexing.incremental
  if (isCookie[index - 1] === 1 && valueLength < shortCookie) return indexing.never
  return byName[index - 1] as number
}
