import type { Failure } from './numbered-load.ts'

/** Requests that failed in a run. */
export interface Losses {
  /** Number of GETs whose first attempt failed. */
  readonly gets: number
  /** Those of them that their client repeated by itself. */
  readonly repeated: number
  /** GETs without a response after all: the second attempt failed too, or none was permitted. */
  readonly getsLost: number
  /**
   * Requests whose response had begun when its backend died: the rest of it cannot be had from another (RFC 9110, section 9.2.2). Over
   * HTTP/2 a backend may die between the fields and the body.
   */
  readonly cut: { readonly gets: number; readonly posts: number }
  /** POSTs without a response after all. */
  readonly posts: readonly Failure[]
  /** First attempts that failed, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>
}

/** Summarises the failures of a load. */
export function lossesOf(failures: readonly Failure[]): Losses {
  const gets = failures.filter(({ method }) => method === 'GET')
  const cut = failures.filter(
    ({ outcome, responseBegun }) => responseBegun && !/^\d+$/.test(outcome),
  )
  const cutOf = (which: string) => cut.filter(({ method }) => method === which).length
  const outcomes: Record<string, number> = {}
  for (const { outcome } of failures) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  return {
    gets: gets.length,
    repeated: gets.filter(({ again }) => again !== undefined).length,
    getsLost: gets.filter(({ again }) => again !== '200').length,
    cut: { gets: cutOf('GET'), posts: cutOf('POST') },
    posts: failures.filter(({ method, again }) => method === 'POST' && again !== '200'),
    outcomes,
  }
}

/** How far lost POSTs had come, each counted once. */
export interface Reached {
  /** Read by a backend, according to its record. */
  readonly read: number
  /** Not read, but delivered to a process that died before it read them. */
  readonly delivered: number
  /** Neither read nor delivered. */
  readonly neither: number
}

/** Classifies lost POSTs. */
export function reachedOf(
  posts: readonly Failure[],
  wasRead: (number: number) => boolean,
  wasDelivered: (post: Failure) => boolean,
): Reached {
  const unread = posts.filter(({ number }) => !wasRead(number))
  const delivered = unread.filter(wasDelivered).length
  return { read: posts.length - unread.length, delivered, neither: unread.length - delivered }
}
