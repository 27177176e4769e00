import type { promises } from 'node:dns'
import { LookupError } from './lookup-error.ts'

type Resolver = InstanceType<typeof promises.Resolver>

/** The addresses of one family; undefined where the name server gave no answer. */
type FamilyAddresses = readonly string[] | undefined

/** The addresses of a name. */
export interface NameAddresses {
  readonly v4: FamilyAddresses
  readonly v6: FamilyAddresses
  /** Seconds for which they hold; undefined where the source has no TTL. */
  readonly ttl: number | undefined
}

/** Milliseconds that a family is waited for once the other has addresses: RFC 8305, section 3, says 50. */
const secondFamilyMs = 100

/** The result of one query: addresses, none, or the error. */
type FamilyResult =
  | { readonly addresses: readonly string[]; readonly ttl: number }
  | { readonly error: Error }

const negativeCodes: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * Queries A and AAAA of `name` at once.
 *
 * @returns undefined where the name does not exist, or has neither
 * @throws LookupError where the name server does not reply, or replies with an error
 */
export async function queryAddresses(
  resolver: Resolver,
  name: string,
): Promise<NameAddresses | undefined> {
  const v4 = family(resolver.resolve4(name, { ttl: true }))
  const v6 = family(resolver.resolve6(name, { ttl: true }))
  const first = await Promise.race([v4, v6])
  const found = 'addresses' in first && first.addresses.length > 0
  const [four, six] = await Promise.all(found ? [soon(v4), soon(v6)] : [v4, v6])
  const results = [four, six].filter((result) => result !== undefined)
  const known = results.filter((result) => 'addresses' in result)
  if (known.some(({ addresses }) => addresses.length > 0)) {
    const ttl = Math.min(...known.map((result) => result.ttl))
    return { v4: addressesOf(four), v6: addressesOf(six), ttl }
  }
  const failed = results.find((result) => 'error' in result)
  if (failed !== undefined) throw lookupError(failed.error)
  return undefined
}

async function family(
  query: Promise<readonly { readonly address: string; readonly ttl: number }[]>,
): Promise<FamilyResult> {
  try {
    const records = await query
    const ttl = Math.min(...records.map((record) => record.ttl))
    return { addresses: records.map(({ address }) => address), ttl }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (negativeCodes.has(code)) return { addresses: [], ttl: Number.POSITIVE_INFINITY }
    return { error: error as Error }
  }
}

/** The result of a query, if it comes soon. */
async function soon(result: Promise<FamilyResult>): Promise<FamilyResult | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), secondFamilyMs)
  const first = await Promise.race([result, promise])
  clearTimeout(timer)
  return first
}

function addressesOf(result: FamilyResult | undefined): FamilyAddresses {
  return result !== undefined && 'addresses' in result ? result.addresses : undefined
}

function lookupError({ code, message }: NodeJS.ErrnoException): LookupError {
  const timedOut = code === 'ETIMEOUT' || code === 'ECANCELLED'
  return new LookupError(timedOut ? 'lookup-timeout' : 'lookup-failed', message)
}
