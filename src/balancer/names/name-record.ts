import type { ResolverSettings } from '../config/resolver-settings.ts'
import type { NameAddresses } from './dns-query.ts'
import type { LookupError } from './lookup-error.ts'

/** The record of one name in the cache. Times are in seconds. */
export interface NameRecord {
  v4: readonly string[]
  v6: readonly string[]
  /** Both, alternating. */
  addresses: readonly string[]
  /** Why the latest lookup failed. */
  error: LookupError | undefined
  /** When it is looked up again. */
  nextAt: number
  /** Consecutive lookups that failed. */
  failures: number
  /** Since when the name server has replied that there is no such name; undefined while there is. */
  goneSince: number | undefined
  /** Connections begin with each address in turn; otherwise with the first one, as for `localhost`. */
  readonly rotates: boolean
  /** Where the rotation is. */
  turn: number
  /** Until when an address to which a connect failed is tried last. */
  readonly badUntil: Map<string, number>
}

/** Limits of a TTL, in seconds: 0 would mean a lookup for each connection. */
const minTtl = 1
const maxTtl = 300
/** Seconds until the next lookup of a name whose source has no TTL, such as the hosts file. */
const withoutTtl = 10
/** Seconds until a failed lookup is repeated: doubled each time. */
const firstRetry = 1
const maxRetry = 10
/** Seconds for which the addresses of a name are kept that no longer exists, as `hold nx` of HAProxy. */
const holdGone = 30
/** Seconds for which an address is tried last after a failed connect. */
const badSeconds = 10

/** The record of a name that was not looked up yet. */
export function newNameRecord(rotates: boolean): NameRecord {
  return {
    rotates,
    v4: [],
    v6: [],
    addresses: [],
    error: undefined,
    nextAt: Number.NEGATIVE_INFINITY,
    failures: 0,
    goneSince: undefined,
    turn: 0,
    badUntil: new Map(),
  }
}

/** A lookup succeeded. A family about which nothing was learned keeps its addresses. */
export function keepFound(
  record: NameRecord,
  { v4, v6, ttl }: NameAddresses,
  { now, refresh }: { readonly now: number; readonly refresh: ResolverSettings['refresh'] },
): void {
  record.v4 = v4?.toSorted() ?? record.v4
  record.v6 = v6?.toSorted() ?? record.v6
  record.addresses = alternating(record.v4, record.v6)
  record.error = undefined
  record.failures = 0
  record.goneSince = undefined
  record.nextAt = now + (refresh ?? Math.min(Math.max(ttl ?? withoutTtl, minTtl), maxTtl))
  for (const address of record.badUntil.keys()) {
    if (!record.addresses.includes(address)) record.badUntil.delete(address)
  }
}

/** A lookup failed. The last known addresses stay, for a while even if the name no longer exists. */
export function keepFailed(record: NameRecord, error: LookupError, now: number): void {
  record.error = error
  record.nextAt = now + Math.min(firstRetry * 2 ** record.failures, maxRetry)
  record.failures++
  if (error.failureReason !== 'name-not-found') return
  record.goneSince ??= now
  if (now - record.goneSince < holdGone) return
  record.v4 = []
  record.v6 = []
  record.addresses = []
}

/** A connect to an address failed. */
export function keepBad(record: NameRecord, address: string, now: number): void {
  if (record.addresses.includes(address)) record.badUntil.set(address, now + badSeconds)
}

/** The addresses in the order in which one connection tries them: each begins with the next one. */
export function inTurn(record: NameRecord, now: number): readonly string[] {
  const { addresses, badUntil } = record
  if (addresses.length < 2) return addresses
  if (record.rotates) record.turn = (record.turn + 1) % addresses.length
  else record.turn = 0
  const rotated = [...addresses.slice(record.turn), ...addresses.slice(0, record.turn)]
  if (badUntil.size === 0) return rotated
  const isBad = (address: string) => (badUntil.get(address) ?? 0) > now
  return [...rotated.filter((address) => !isBad(address)), ...rotated.filter(isBad)]
}

function alternating(one: readonly string[], other: readonly string[]): readonly string[] {
  const longest = Math.max(one.length, other.length)
  return Array.from({ length: longest }, (_, i) => [one[i], other[i]])
    .flat()
    .filter((address) => address !== undefined)
}
