import type { Failure } from './numbered-load.ts'

/** What clients lost in a run. */
export interface Losses {
  /** GETs whose first try failed. */
  readonly gets: number
  /** Of these, the ones that their client repeated by itself. */
  readonly repeated: number
  /** GETs that failed for good: repeated in vain, or not to be repeated. */
  readonly getsLost: number
  readonly posts: readonly Failure[]
  /** How first tries failed, each with its count. */
  readonly whys: Readonly<Record<string, number>>
}

/** What the failures of a load come to. */
export function lossesOf(failures: readonly Failure[]): Losses {
  const gets = failures.filter(({ method }) => method === 'GET')
  const whys: Record<string, number> = {}
  for (const { outcome } of failures) whys[outcome] = (whys[outcome] ?? 0) + 1
  return {
    gets: gets.length,
    repeated: gets.filter(({ again }) => again !== undefined).length,
    getsLost: gets.filter(({ again }) => again !== '200').length,
    posts: failures.filter(({ method }) => method === 'POST'),
    whys,
  }
}

/** Where POSTs that were lost had come to, each counted once. */
export interface Reached {
  /** In the record of a backend. */
  readonly read: number
  /** Not that, but given to one who died with it unread. */
  readonly given: number
  /** Neither. */
  readonly neither: number
}

/** Sorts POSTs that were lost. */
export function reachedOf(
  posts: readonly Failure[],
  wasRead: (number: number) => boolean,
  wasGiven: (post: Failure) => boolean,
): Reached {
  const unread = posts.filter(({ number }) => !wasRead(number))
  const given = unread.filter(wasGiven).length
  return { read: posts.length - unread.length, given, neither: unread.length - given }
}
